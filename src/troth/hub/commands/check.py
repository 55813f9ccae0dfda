"""`troth check`: the system checks of an installation."""

from __future__ import annotations

import click


@click.command()
def check() -> None:
    """Check this installation: keys, tables, declarations, production settings.

    Exit status 1 where anything is told, such as a page that is not kept to HTTPS.
    """
    from troth.hub.setup import start  # noqa: PLC0415

    start()
    from django.core.management import CommandError, call_command  # noqa: PLC0415

    try:
        call_command("check", databases=["default", "keyring"], deploy=True, fail_level="WARNING")
    except CommandError as told:
        raise click.ClickException(str(told)) from told
