"""`troth backup`: everything this installation holds, in one sealed file."""

from __future__ import annotations

from pathlib import Path

import click

from troth.core.errors import Invalid

_PASSPHRASE = click.Path(exists=True, dir_okay=False, path_type=Path)


def passphrase(path: Path | None) -> bytes | None:
    """The first line of a file. Raises `Invalid` if it is short enough to be guessed."""
    if path is None:
        return None
    found = path.read_bytes().partition(b"\n")[0].strip()
    if len(found) < 16:  # noqa: PLR2004
        raise Invalid(
            "The passphrase is too short.", do="Take at least 16 characters, in the first line."
        )
    return found


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--passphrase-file",
    "secret",
    type=_PASSPHRASE,
    help="Seal it with the passphrase in this file instead of the master key.",
)
@click.option("--rehearse", is_flag=True, help="Restore it for practice, beside what is here.")
def backup(file: Path, secret: Path | None, *, rehearse: bool) -> None:
    """Write a backup to FILE and read it back. The site may go on running."""
    from troth.hub.setup import start  # noqa: PLC0415

    start()
    from troth.hub.backup.making import make, note  # noqa: PLC0415

    made = make(file.absolute(), passphrase=passphrase(secret))
    note()
    if rehearse:
        from troth.hub.backup.rehearsing import rehearse as practise  # noqa: PLC0415

        practise(file.absolute(), secret=secret.absolute() if secret else None)
        click.echo("Restored for practice beside it: every ledger holds there.")
    click.echo(
        f"{made.path}: {made.rows} rows and {made.files} files, {made.size} bytes, "
        "written and read back."
    )
    click.echo(
        f"Not in it: the master key ({made.master}). Nobody opens the backup without it, you "
        "neither: keep a copy of the master key file apart from it."
    )
    click.echo(
        "Keep copies of erasures.log too: who is erased from now on stays erased by it "
        "when the backup is restored."
    )
