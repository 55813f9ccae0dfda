"""`troth recipients`: how those who get data stand, and what they showed or assured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from troth.hub.commands.connect import SOME, within


@click.group()
def recipients() -> None:
    """Those who get data: what binds them, and whether anything bars them now."""


@recipients.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@SOME
def enter(file: Path, slug: str | None) -> None:
    """Enter what recipients showed or assured, from a TOML file with [[bond]] tables."""
    with within(slug):
        from troth.core.actors import Actor  # noqa: PLC0415
        from troth.core.recipients.entering import enter as all_of  # noqa: PLC0415

        made = all_of(file.read_text("utf-8"), actor=Actor.system("cli"))
    for bond in made:
        click.echo(f"{bond.recipient}: {bond.kind} {bond.level} until {bond.until}")


@recipients.command("list")
@click.option("--json", "as_json", is_flag=True)
@SOME
def list_all(slug: str | None, *, as_json: bool) -> None:
    """Each recipient of the policy, and what bars it from getting anything."""
    with within(slug):
        from troth.core.notices.versions import current  # noqa: PLC0415
        from troth.core.recipients.standing import barred  # noqa: PLC0415

        rules = current().rules
        bars = {key: barred(key, rules) for key in rules.recipients}
        rows: list[dict[str, Any]] = [
            {
                "recipient": key,
                "kind": party.kind,
                "bar": bar.reason if (bar := bars[key]) else "",
                "clause": bar.clause if bar else "",
            }
            for key, party in rules.recipients.items()
        ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        said = f"nothing: {row['bar']} (§ {row['clause']})" if row["bar"] else "may receive"
        click.echo(f"{row['recipient']:<24}  {row['kind']:<12}  {said}")


@recipients.command()
@click.argument("key")
@click.argument("description", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--secret-from", default="", help="env:NAME or file:PATH of its secret.")
@SOME
def connect(key: str, description: Path, secret_from: str, slug: str | None) -> None:
    """Enter a service of a recipient, described in TOML, or describe one anew."""
    with within(slug):
        from troth.channels.recipients.api import add_connector  # noqa: PLC0415
        from troth.core.actors import Actor  # noqa: PLC0415

        made = add_connector(
            key,
            description.read_text("utf-8"),
            actor=Actor.system("cli"),
            secret_from=secret_from,
        )
    click.echo(f"{made.key} speaks to {made.recipient} for {made.purpose}.")


@recipients.command()
@click.argument("key")
@SOME
def disconnect(key: str, slug: str | None) -> None:
    """Take a service out. What is there stays there."""
    with within(slug):
        from troth.channels.recipients.api import remove_connector  # noqa: PLC0415
        from troth.core.actors import Actor  # noqa: PLC0415

        remove_connector(key, actor=Actor.system("cli"))
    click.echo(f"{key} is not spoken to any more.")
