"""Having Django work on databases of a test's own: real files and servers."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import dj_database_url
import pytest
from django.db import connections

from support.postgres import PostgresServer
from troth.hub.setup import migrate


def settings_of(url: str) -> dict[str, Any]:
    found: dict[str, Any] = dict(dj_database_url.parse(url))
    if "sqlite" in found["ENGINE"]:
        found["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
            "PRAGMA secure_delete=ON;",
        }
    return connections.configure_settings({"default": found})["default"]


@contextmanager
def using(url: str, keyring: str) -> Iterator[None]:
    """Have Django work on these databases until the end of the block."""
    kept = dict(connections.settings)
    for alias, address in (("default", url), ("keyring", keyring)):
        _forget(alias)
        connections.settings[alias] = settings_of(address)
    try:
        yield
    finally:
        for alias in ("default", "keyring"):
            _forget(alias)
            connections.settings[alias] = kept[alias]


PAIR: Final = ("main.sqlite3", "keyring.sqlite3")


def copy_migrated(folders: pytest.TempPathFactory, into: Path) -> None:
    """Put the two databases, migrated and empty, into a folder.

    They are made once for all processes of this run: migrating takes seconds, and is the same each
    time. Callers have unblocked the database.
    """
    made = _made_once(folders)
    for name in PAIR:
        shutil.copyfile(made / name, into / name)


def _made_once(folders: pytest.TempPathFactory) -> Path:
    base = folders.getbasetemp()
    home = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "migrated"
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "done").exists():
            home.mkdir(exist_ok=True)
            with using(*(f"sqlite:///{home / name}" for name in PAIR)):
                migrate(skip_checks=True)
                for alias in ("default", "keyring"):
                    with connections[alias].cursor() as cursor:
                        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (home / "done").touch()
    return home


@pytest.fixture(scope="session")
def new_postgres_pair(
    postgres_server: PostgresServer, django_db_blocker: Any
) -> Callable[[], tuple[str, str]]:
    """Make two new databases, migrated and empty; returns their addresses, the keyring's last."""
    names = ("migrated_main", "migrated_keyring")
    made = [postgres_server.create_database(name) for name in names]
    with django_db_blocker.unblock(), using(made[0], made[1]):
        migrate(skip_checks=True)

    def copy() -> tuple[str, str]:
        main, keyring = (postgres_server.copy_database(name) for name in names)
        return main, keyring

    return copy


def open_anew() -> None:
    """In a forked child: have it open connections of its own.

    Where a browser runs, Playwright's loop is the parent's and not the child's, and Django keeps
    connections apart by that: the child would find older ones, to other databases.
    """
    for alias in ("default", "keyring"):
        _forget(alias)


def _forget(alias: str) -> None:
    if hasattr(connections._connections, alias):
        connections[alias].close()
        del connections[alias]
