"""An opening: the permission, for the length of a block, to have certain keys.

The gate makes openings after it has decided; nobody else does (a test holds this). Without one
there is no key, and what comes out of the database stays cipher text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from troth.core.errors import Denied


@dataclass
class Opening:
    """What may be read or written while it is open, and the keys fetched so far.

    `people` is None where the people are not known yet: a search by exact identifier, or the
    collecting of a new person's data. Such an opening seals and searches, and reads nothing.
    Keys go by the 16 bytes of their ids, as they stand in a sealed value.
    """

    organisation: UUID
    purpose: str
    categories: frozenset[str]
    people: frozenset[UUID] | None
    clause: str = ""
    reads: bool = True
    origins: frozenset[tuple[str, str, str]] | None = None
    """Where and under which version a value must have been collected, and as what category, for
    this purpose to read it; None where that does not matter (a person reads their own)."""
    told: Mapping[int, frozenset[tuple[str, str, str]]] = field(default_factory=dict, repr=False)
    """What `origins` grows by for single people, by the number of their id: those who were told
    of a version that permits more, and had the time to refuse."""
    locked: frozenset[tuple[str, str]] | None = frozenset()
    """Touchpoint and category of the locked values it opens all the same; None: any of them (a
    person reads their own)."""
    closed: bool = field(default=False, init=False)
    ciphers: dict[bytes, AESGCM] = field(default_factory=dict, repr=False)
    sealing_keys: dict[UUID, bytes] = field(default_factory=dict, repr=False)
    row: tuple[bytes, dict[str, Any]] | None = field(default=None, init=False, repr=False)
    """The sealed row that was opened last, and what it holds of the categories open here."""
    whole: dict[bytes, bool] = field(default_factory=dict, init=False, repr=False)
    """Whether all categories of a kind of sealed row are open here."""

    def __post_init__(self) -> None:
        # Numbers compare without a call into Python, and every value that is read asks.
        self.named = frozenset(person.int for person in self.people or ())
        self.organisation_bytes = self.organisation.bytes

    @property
    def whom(self) -> frozenset[UUID]:
        """The people it is about; nobody where they are not known yet."""
        return self.people or frozenset()

    def covers(self, category: str) -> bool:
        """Whether the category, or one it is part of, is open."""
        if category in self.categories:
            return True
        head, dot, _ = category.rpartition(".")
        return bool(dot) and self.covers(head)

    def unlocks(self, touchpoint: str, category: str) -> bool:
        """Whether a locked value that came from there is open for this purpose."""
        return self.locked is None or (touchpoint, category) in self.locked


_open: Final[ContextVar[tuple[Opening, ...]]] = ContextVar("troth_open", default=())


ever_opened: Final = _open.get
"""As `openings`, for who asks half a million times: some of them may be closed already."""


class NoOpenUseDenied(Denied):
    """A sealed value was asked for outside a permitted use."""


@contextmanager
def opened(opening: Opening) -> Iterator[Opening]:
    """Hold `opening` until the end of the block. Only the gate calls this."""
    _open.set((opening, *openings()))
    try:
        yield opening
    finally:
        # Closed for good, also in copies of this context (threads, tasks), and taken out by
        # identity: blocks in generators may end in another order than they began.
        opening.closed = True
        opening.ciphers.clear()
        opening.sealing_keys.clear()
        opening.row = None
        _open.set(openings())


def openings() -> tuple[Opening, ...]:
    """The openings in force, innermost first."""
    found = _open.get()
    for opening in found:
        if opening.closed:
            return tuple(opening for opening in found if not opening.closed)
    return found


def forget() -> None:
    """Start with none, as each request and each task does."""
    _open.set(())


def require(category: str) -> Opening:
    """The innermost opening that covers `category`. Raises `NoOpenUseDenied`."""
    for opening in openings():
        if opening.covers(category):
            return opening
    raise _none(category)


def require_search(category: str) -> Opening:
    """The innermost opening under which people may be looked up by `category`.

    A use of named people is none: it is about them, and finds nobody else.
    """
    for opening in openings():
        if opening.people is None and opening.covers(category):
            return opening
    raise _none(category)


def _none(category: str) -> NoOpenUseDenied:
    return NoOpenUseDenied(
        f"A sealed value ({category}) was asked for without a permitted use.",
        why="Personal values open only under a purpose the policy permits.",
        do="Open a use at the gate: `with gate.use(actor=…, purpose=…, data=…):`.",
    )
