"""System checks of an installation's files."""

from __future__ import annotations

from pathlib import Path
from stat import S_IMODE, filemode
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning as Told, register

OTHERS = 0o077


@register(Tags.security, deploy=True)
def files_are_private(**_: Any) -> list[CheckMessage]:
    """troth.W001: the home folder or a database file can be read by other users of the machine."""
    databases = [
        Path(database["NAME"])
        for database in settings.DATABASES.values()
        if "sqlite" in database["ENGINE"]
    ]
    return [
        Told(
            f"{path.name} can be read by other users of this machine ({filemode(mode)}).",
            hint="Take their rights away: chmod go= on it.",
            id="troth.W001",
        )
        for path in (settings.HOME.folder, *databases)
        if path.exists() and S_IMODE(mode := path.stat().st_mode) & OTHERS
    ]
