"""Starting Django for the command line and the worker."""

from __future__ import annotations

import os
from pathlib import Path

from troth.core.errors import Missing
from troth.hub.home import Home


class InstallationMissing(Missing):
    """The home folder holds no installation."""


def start(*, new: bool = False) -> None:
    """Set Django up for the installation the environment names.

    What this process makes from now on, only its own user can read. Raises `InstallationMissing`
    where there is none, unless one is about to be made (`new`).
    """
    import django  # noqa: PLC0415 - takes half a second that `--help` need not wait for

    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "troth.hub.settings")
    home = Home.current()
    if not new and (home.folder / "restore.json").exists():
        django.setup()
        from troth.hub.backup.recovery import recover  # noqa: PLC0415 - after setup

        recover(home)
    if not new:
        _look(home)
    django.setup()


def _look(home: Home) -> None:
    for alias in ("default", "keyring"):
        kind, _, path = home.database_url(alias).partition(":///")
        if kind == "sqlite" and path != ":memory:" and not Path(path).exists():
            raise InstallationMissing(
                f"There is no installation in {home.folder}.",
                why=f"Its {alias} database is missing.",
                do="Run `troth init`, or name another folder with --home.",
            )


def migrate(*, skip_checks: bool = True) -> None:
    """Bring both databases to the tables of this release, the keys first.

    In the keyring only its own app is migrated: the others have nothing there, and going through
    them would take as long again.
    """
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", "keyring", database="keyring", verbosity=0, skip_checks=skip_checks)
    call_command("migrate", verbosity=0, skip_checks=skip_checks)
