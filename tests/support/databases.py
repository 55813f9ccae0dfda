"""Having Django work on databases of a test's own: real files and servers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import dj_database_url
from django.db import connections


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


def _forget(alias: str) -> None:
    if hasattr(connections._connections, alias):
        connections[alias].close()
        del connections[alias]
