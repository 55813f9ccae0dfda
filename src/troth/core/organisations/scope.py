"""Which organisation the running code works for.

Every query on a scoped model needs a scope. Without one it is refused: a forgotten filter is an
error, never somebody else's rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final
from uuid import UUID

from troth.core.errors import Missing

if TYPE_CHECKING:
    from troth.core.organisations.models import Organisation


class Everywhere:
    """The scope of the installation itself (worker, sequencer, rotation); names its reason."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


_scope: Final[ContextVar[UUID | Everywhere | None]] = ContextVar("troth_scope", default=None)


class ScopeMissing(Missing):
    """A query on an organisation's data ran without saying for which organisation."""

    status = 500


@contextmanager
def scope(organisation: Organisation | UUID) -> Iterator[None]:
    """Work for one organisation until the end of the block."""
    token = _scope.set(organisation if isinstance(organisation, UUID) else organisation.pk)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def everywhere(reason: str) -> Iterator[None]:
    """Work across organisations, for upkeep that touches no value. `reason` is for the reader."""
    token = _scope.set(Everywhere(reason))
    try:
        yield
    finally:
        _scope.reset(token)


def current_scope() -> UUID | Everywhere | None:
    return _scope.get()


def current_organisation_id() -> UUID:
    """The organisation in scope. Raises `ScopeMissing` when there is none, or no single one."""
    found = _scope.get()
    if not isinstance(found, UUID):
        raise ScopeMissing(
            "No organisation is in scope.",
            why="Personal data belongs to one organisation, and none was named.",
            do="Wrap the call in `with scope(organisation):`.",
        )
    return found
