"""`troth restore`: put a backup back, and erase again who was erased since."""

from __future__ import annotations

from pathlib import Path

import click

from troth.hub.commands.backup import passphrase

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--passphrase-file", "secret", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--erasures", type=_FILE, help="The erasure log that goes on after it (default: the one here)."
)
@click.option(
    "--without-erasures", is_flag=True, help="The log is lost: who was erased since comes back."
)
@click.option("--force", is_flag=True, help="Replace the installation that is here.")
def restore(
    file: Path, secret: Path | None, erasures: Path | None, *, without_erasures: bool, force: bool
) -> None:
    """Restore FILE: all of it, or nothing is changed."""
    from troth.hub.setup import start  # noqa: PLC0415

    start(new=True)
    from django.conf import settings  # noqa: PLC0415

    from troth.hub.backup.restoring import restore as run  # noqa: PLC0415

    settings.HOME.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    done = run(
        file.absolute(),
        passphrase=passphrase(secret),
        log=erasures,
        without_erasures=without_erasures,
        force=force,
    )
    people = sum(done.again.people.values())
    click.echo(f"Restored: {done.rows} rows as of {done.made_at}.")
    click.echo(f"Erased again: {people} people, {done.again.keys} keys.")
    click.echo("Now run `troth ledger verify`, then `troth serve`.")
