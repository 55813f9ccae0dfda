"""Connections to the databases that were good a moment ago are taken to be good still.

Django asks each connection with a statement at the first use in a request, so that one that the
server closed meanwhile is made anew. On a busy site that statement tells nothing: whatever befalls
a connection within a second of its last use can as well befall it in the middle of a request.
"""

from __future__ import annotations

from time import monotonic
from typing import Any, Final

from django.core.signals import request_finished, request_started
from django.db import connections

FRESH: Final = 1.0  # seconds


def _note(**_: Any) -> None:
    for connection in connections.all(initialized_only=True):
        connection.troth_used_at = monotonic()  # type: ignore[attr-defined]


def _trust(**_: Any) -> None:
    """Comes after Django's own receiver, which has each connection asked."""
    for connection in connections.all(initialized_only=True):
        if monotonic() - getattr(connection, "troth_used_at", 0) < FRESH:
            connection.health_check_done = True  # type: ignore[attr-defined]


def connect() -> None:
    """Called once, when the application is ready."""
    request_started.connect(_trust, dispatch_uid="troth.connections.trust")
    request_finished.connect(_note, dispatch_uid="troth.connections.note")
