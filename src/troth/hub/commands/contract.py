"""`troth contract`: the contract between the host and its clients."""

from __future__ import annotations

from pathlib import Path

import click

from troth.core.errors import Missing


@click.group()
def contract() -> None:
    """The contract between the host and its clients."""


@contract.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(["client", "reseller"]), default="client")
def publish(file: Path, kind: str) -> None:
    """Publish a version of the contract; clients are asked to accept it."""
    from troth.hub.setup import start  # noqa: PLC0415

    start()
    from troth.core.actors import Actor  # noqa: PLC0415
    from troth.core.clients import api as clients  # noqa: PLC0415
    from troth.core.organisations.models import Organisation  # noqa: PLC0415
    from troth.core.organisations.scope import scope  # noqa: PLC0415

    with scope(Organisation.objects.get(is_host=True)):
        made = clients.publish(file.read_text("utf-8"), kind=kind, actor=Actor.system("cli"))
    click.echo(f"Version {made.number} is published, {made.digest}.")


@contract.command()
@click.option("--organisation", "slug", required=True, help="Which client accepted it.")
def accept(slug: str) -> None:
    """Record that a client accepted the version in force, where it was signed on paper."""
    from troth.hub.setup import start  # noqa: PLC0415

    start()
    from troth.core.actors import Actor  # noqa: PLC0415
    from troth.core.clients import api as clients  # noqa: PLC0415
    from troth.core.organisations.scope import scope  # noqa: PLC0415
    from troth.hub.sites import organisation_named  # noqa: PLC0415

    organisation = organisation_named(slug)
    found = clients.to_accept(organisation)
    if found is None:
        raise Missing(
            f"There is nothing for {slug} to accept.",
            why="It accepted the version in force already, or it is the host.",
        )
    with scope(organisation):
        clients.accept(found.number, actor=Actor.system("cli"))
    click.echo(f"{organisation.name} accepted version {found.number} and is open.")
