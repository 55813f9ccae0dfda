"""The time acts are dated with.

It is the system's clock, but for a block that replays a history (the demo's seeding) or moves it
for a retention run; nothing in a request can change it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

_moved: Final[ContextVar[datetime | None]] = ContextVar("troth_clock", default=None)


def now() -> datetime:
    """The current moment, in UTC."""
    return _moved.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Date what happens in the block at `moment` (which has to have a time zone)."""
    token = _moved.set(moment)
    try:
        yield
    finally:
        _moved.reset(token)
