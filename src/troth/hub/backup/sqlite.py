"""SQLite: a copy of the database as it stands at one moment, without its free pages."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connections

from troth.hub.backup.envelope import BackupInvalid
from troth.hub.backup.frozen import Frozen
from troth.hub.backup.parts import frames


def file_of(alias: str) -> Path:
    return Path(str(connections[alias].settings_dict["NAME"]))


@contextmanager
def frozen(alias: str, folder: Path) -> Iterator[Frozen]:
    """The database at this moment; it goes on being written to meanwhile."""
    copy = folder / f"{alias}.copy"
    with closing(sqlite3.connect(file_of(alias), timeout=60)) as connection:
        connection.execute("VACUUM INTO ?", [str(copy)])
    try:
        yield Frozen(counts(copy), frames(copy))
    finally:
        copy.unlink(missing_ok=True)


def counts(path: Path) -> dict[str, int]:
    """Rows by table. Raises `BackupInvalid` where the file is harmed."""
    with closing(sqlite3.connect(path)) as connection:
        said = connection.execute("PRAGMA quick_check").fetchone()[0]
        if said != "ok":
            raise BackupInvalid("The database is harmed.", why="SQLite's own check fails.")
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith("sqlite_")
        ]
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
            for name in sorted(names)
        }


def staged(alias: str) -> Path:
    """Where a database is made ready: beside the one it is to replace, on the same disk."""
    path = file_of(alias)
    return path.with_name(f"{path.name}.restoring")


def stage(alias: str, content: Iterable[bytes]) -> None:
    path = staged(alias)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with path.open("wb") as file:
        path.chmod(0o600)
        for some in content:
            file.write(some)


def discard(path: Path) -> None:
    """Remove a database file and what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
