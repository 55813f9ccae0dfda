"""`troth key`: the master key."""

from __future__ import annotations

import sys

import click


@click.group()
def key() -> None:
    """The master key that wraps all others."""


@key.command()
def rotate() -> None:
    """Make a new master key and wrap every key with it, while the site runs."""
    from troth.hub.setup import start  # noqa: PLC0415

    start()
    from troth.core.keyring import rotation  # noqa: PLC0415

    shown = sys.stderr.isatty()

    def progress(done: int, total: int) -> None:
        if shown:
            click.echo(f"\r{done} of {total} keys", nl=False, err=True)

    count = rotation.rotate(progress)
    if shown:
        click.echo("\r", nl=False, err=True)
    click.echo(f"{count} keys are wrapped with a new master key; the old one is retired.")
    click.echo("Back up the master key file now, apart from the databases.")
