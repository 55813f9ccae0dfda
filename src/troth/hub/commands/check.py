"""`troth check`: the system checks of an installation."""

from __future__ import annotations

import click


@click.command()
def check() -> None:
    """Check this installation: keys, tables, declarations, production settings."""
    from troth.hub.setup import start  # noqa: PLC0415

    start()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("check", databases=["default", "keyring"], deploy=True)
