"""What becomes of a restore that was cut short: it is undone, or finished if it already counted.

A journal in the installation's folder says how far it is. While it says ``staging`` nothing that
was there has been given up; once it says ``commit`` all that is new is ready, and what remains is
renaming. Every command of Troth looks here before it does anything else.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any, Final

from troth.hub.backup import postgres, running, sqlite
from troth.hub.backup.making import DATABASES, SPOOLS, engine, synchronise
from troth.hub.home import Home

STAGING: Final = "staging"
COMMIT: Final = "commit"


def journal(home: Home) -> Path:
    return home.folder / "restore.json"


def files(home: Home) -> Path:
    """Where files of the backup are made ready."""
    return home.folder / "restoring"


def say(home: Home, state: str) -> None:
    """Write how far it is; durable when this returns."""
    path = journal(home)
    partial = path.with_suffix(".new")
    with partial.open("w") as file:
        json.dump({"state": state}, file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    synchronise(home.folder)


def recover(home: Home) -> str:
    """Undo or finish what a killed restore left. Returns which it was, or nothing.

    Raises `InUseDenied` while a restore is going on.
    """
    if not journal(home).exists():
        return ""
    with running.alone(home):
        return settle(home)


def settle(home: Home) -> str:
    """As `recover`, for who holds the installation alone."""
    try:
        state: dict[str, Any] = json.loads(journal(home).read_text())
    except FileNotFoundError:
        return ""
    if state["state"] == COMMIT:
        _finish(home)
    else:
        _undo(home)
    shutil.rmtree(files(home), ignore_errors=True)
    journal(home).unlink()
    synchronise(home.folder)
    return "finished" if state["state"] == COMMIT else "undone"


def _undo(home: Home) -> None:
    for alias in DATABASES:
        if engine() == "postgresql":
            postgres.take_back(alias)
        else:
            sqlite.discard(sqlite.staged(alias))


def _finish(home: Home) -> None:
    """Put everything in its place. Each step may be done twice."""
    for alias in DATABASES:
        if engine() == "postgresql":
            postgres.let_go(alias)
        elif (ready := sqlite.staged(alias)).exists():
            target = sqlite.file_of(alias)
            # The log of the old database goes first: it does not belong to the new one.
            sqlite.discard(target)
            ready.rename(target)
            synchronise(target.parent)
    ready = files(home)
    if not ready.exists():
        return
    for spool in SPOOLS:
        for path in (home.folder / spool).glob("*.mail"):
            path.unlink()
    for path in sorted(one for one in ready.rglob("*") if one.is_file()):
        name = str(path.relative_to(ready))
        target = home.erasure_log if name == "erasures.log" else home.folder / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(path, target.with_name(f"{target.name}.new"))
        target.with_name(f"{target.name}.new").chmod(0o600)
        target.with_name(f"{target.name}.new").rename(target)
        synchronise(target.parent)
