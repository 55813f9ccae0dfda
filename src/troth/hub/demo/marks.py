"""The marks of a demo in its folder: what has none is never cleared, and never shown as a demo.

Files alone, so that it can be told before Django and its databases are started.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from troth.core.errors import Invalid
from troth.hub.home import DEMO_BEGUN, DEMO_MADE, Home

PASSWORDS: Final = "demo-passwords.json"
KEYS: Final = ("master.key", "secret.key")


class DemoInvalid(Invalid):
    """A demo was to be made where something else is."""


def made(home: Home) -> bool:
    """Whether this home holds a finished demo."""
    return (home.folder / DEMO_MADE).exists()


def claim(home: Home) -> None:
    """Mark the folder as a demo's, before anything is made in it.

    What an interrupted start left is cleared. Raises `DemoInvalid` where an installation is that
    no demo made.
    """
    if made(home):
        return
    found = _databases(home) + [
        home.folder / name for name in KEYS if (home.folder / name).exists()
    ]
    if found and not home.is_demo:
        raise DemoInvalid(
            f"There is an installation in {home.folder} that no demo made.",
            why=f"It has {found[0].name}; making a demo there would destroy it.",
            do="Name another folder with --home.",
        )
    home.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home.folder / DEMO_BEGUN).touch()
    for path in _databases(home):
        path.unlink()
    for name in (PASSWORDS, "master.key"):
        (home.folder / name).unlink(missing_ok=True)
    home.create()


def finish(home: Home) -> None:
    """From now on the demo is kept between starts."""
    (home.folder / DEMO_BEGUN).replace(home.folder / DEMO_MADE)


def _databases(home: Home) -> list[Path]:
    return sorted(home.folder.glob("*.sqlite3*"))
