"""`troth publish`: put a version of the policy in force."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organisation", "slug", help="Needed only where there are several.")
def publish(file: Path, slug: str | None) -> None:
    """Check a policy file, compare it with the version in force, and publish it."""
    from troth.hub.setup import start  # noqa: PLC0415

    start()
    from troth.core.actors import Actor  # noqa: PLC0415
    from troth.core.notices.publish import publish as put_in_force  # noqa: PLC0415
    from troth.core.organisations.scope import scope  # noqa: PLC0415
    from troth.hub.sites import organisation_named  # noqa: PLC0415

    with scope(organisation_named(slug)):
        row = put_in_force(
            file.read_text("utf-8", errors="replace"), actor=Actor.system("cli"), name=file.name
        )
    kind = "a material change" if row.material else "no material change"
    click.echo(f"Version {row.version} is in force: {kind}.")
