"""`troth connect`: the company's other databases, folders and services."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

SOME: Final = click.option("--organisation", "slug", help="Needed only where there are several.")


@click.group()
def connect() -> None:
    """Other databases of the company, which take part in access, correction and erasure."""


@contextmanager
def within(slug: str | None) -> Iterator[None]:
    from troth.hub.setup import start  # noqa: PLC0415

    start()
    from troth.core.organisations.scope import scope  # noqa: PLC0415
    from troth.hub.sites import organisation_named  # noqa: PLC0415

    with scope(organisation_named(slug)):
        yield


@connect.command()
@click.argument("url")
@click.option("--key", default="", help="The dataset's key; the database's name if not given.")
@click.option("--schema", help="A schema other than the default one.")
@click.option("--secret-from", default="", help="env:NAME or file:PATH of the password.")
@click.option("--sample", is_flag=True, help="Look at a few rows too; nothing of them is kept.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write it there.")
def inspect(
    url: str, key: str, schema: str | None, secret_from: str, output: Path | None, *, sample: bool
) -> None:
    """Draft a description from a live schema and say why each category is proposed."""
    from troth.hub.setup import start  # noqa: PLC0415

    start()
    from troth.core.connect import engines  # noqa: PLC0415
    from troth.core.connect.addresses import database_url  # noqa: PLC0415
    from troth.core.connect.faults import told  # noqa: PLC0415
    from troth.core.connect.inspecting import inspect as draft  # noqa: PLC0415
    from troth.core.connect.secrets import checked, elsewhere  # noqa: PLC0415

    secret = elsewhere(url.partition(":")[0], checked(secret_from)) if secret_from else ""
    address = database_url(url, secret)
    name = key or Path(address.database or "database").stem
    with told(name), engines.reading(engines.engine(address)) as connection:
        text, proposals = draft(connection, name, schema=schema, sample=sample)
    if output:
        output.write_text(text, "utf-8")
    else:
        click.echo(text)
    width = max((len(f"{one.table}.{one.column}") for one in proposals), default=0)
    for one in proposals:
        place = f"{one.table}.{one.column}"
        click.echo(f"{place:<{width}}  {one.category:<32}  {one.why}", err=True)
    click.echo("A draft: read it, correct it, then `troth connect add`.", err=True)


@connect.command()
@click.argument("key")
@click.argument("address")
@click.argument("description", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--label", default="", help="What people see; the description's name if not given.")
@click.option("--secret-from", default="", help="env:NAME or file:PATH of the password.")
@SOME
def add(
    key: str, address: str, description: Path, label: str, secret_from: str, slug: str | None
) -> None:
    """Enter a connection, or describe one anew, and try it."""
    with within(slug):
        from troth.core.actors import Actor  # noqa: PLC0415
        from troth.core.connect import adding  # noqa: PLC0415

        text = description.read_text("utf-8", errors="replace")
        row = adding.add(
            *(key, address, text),
            actor=Actor.system("cli"),
            label=label,
            secret_from=secret_from,
        )
        click.echo(f"{row.label} is entered as {row.key}.")
        _tell(adding.check(row), as_json=False)


@connect.command()
@click.argument("key")
@click.option("--json", "as_json", is_flag=True)
@SOME
def check(key: str, slug: str | None, *, as_json: bool) -> None:
    """Try a connection and compare its description with what is there. Exit status 1: it stops
    requests.
    """
    with within(slug):
        from troth.core.connect import adding  # noqa: PLC0415

        found = adding.check(adding.named(key))
    _tell(found, as_json=as_json)
    sys.exit(1 if any(one.stops != "nothing" for one in found) else 0)


@connect.command("list")
@click.option("--json", "as_json", is_flag=True)
@SOME
def list_all(slug: str | None, *, as_json: bool) -> None:
    """All connections and their state."""
    with within(slug):
        from troth.core.connect.models import Connection  # noqa: PLC0415

        rows = list(Connection.objects.all())
    if as_json:
        click.echo(json.dumps([_as_json(row) for row in rows], indent=2))
        return
    for row in rows:
        seen = f"{row.seen_at:%Y-%m-%d %H:%M}" if row.seen_at else "never"
        click.echo(f"{row.key:<20}  {row.get_state_display():<24}  {seen:<16}  {row.address}")
    if not rows:
        click.echo("Nothing is connected. `troth connect add` enters a connection.")


@connect.command()
@click.argument("key")
@click.option("--run", is_flag=True, help="Have it go, rather than say what would.")
@SOME
def expire(key: str, slug: str | None, *, run: bool) -> None:
    """Rows that are older than the policy keeps them: what goes by which clause."""
    with within(slug):
        from troth.core import clock  # noqa: PLC0415
        from troth.core.connect import adding, aging  # noqa: PLC0415
        from troth.core.connect.database import Database  # noqa: PLC0415
        from troth.core.connect.sources import source_of  # noqa: PLC0415
        from troth.core.errors import Invalid  # noqa: PLC0415
        from troth.core.notices.versions import current  # noqa: PLC0415

        source = source_of(adding.named(key))
        if not isinstance(source, Database):
            raise Invalid("Only rows of a database are told by their age.")
        found = aging.preview(source, current().rules, clock.now())
        for one in found:
            columns = ", ".join(one.columns)
            click.echo(f"§ {one.clause}: {one.table} ({columns}): {one.rows} rows")
        if not found:
            click.echo("No table says by which column its rows age, or no clause keeps its data.")
        if run:
            done = aging.run(source, current().rules, clock.now())
            click.echo(f"{done} rows were emptied or deleted.")


@connect.command()
@click.argument("key")
@SOME
def remove(key: str, slug: str | None) -> None:
    """Take a connection out. What is there stays there."""
    with within(slug):
        from troth.core.actors import Actor  # noqa: PLC0415
        from troth.core.connect import adding  # noqa: PLC0415

        adding.remove(adding.named(key), actor=Actor.system("cli"))
    click.echo(f"{key} takes no part any more.")


def _as_json(row: Any) -> dict[str, Any]:
    seen = row.seen_at.isoformat() if row.seen_at else None
    names = ("key", "label", "kind", "address", "state", "faults")
    return {name: getattr(row, name) for name in names} | {"seen_at": seen}


def _tell(found: list[Any], *, as_json: bool) -> None:
    if as_json:
        lines = [{"key": one.key, "place": one.place, "stops": one.stops} for one in found]
        click.echo(json.dumps(lines, indent=2))
        return
    words = {"all": "stops all", "deletion": "stops erasure", "nothing": "worth knowing"}
    for one in found:
        click.echo(f"{words[one.stops]}: {one.place or 'the description'}: {one.why}. {one.do}")
    if not found:
        click.echo("It answers, and its description holds.")
