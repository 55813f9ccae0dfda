"""The list of conversations: numbers, states, times; never a word of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from troth.core.actors import Actor


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the inbox is shown. `assignee` is a member's reference, ``me`` or ``nobody``."""

    state: str = ""
    queue: str = ""
    assignee: str = ""
    way: str = ""
    priority: int = 0
    tag: str = ""
    overdue: bool = False
    order: str = "changed"  # changed, oldest, due, priority

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """From a query string or a saved view; what is not known is left out."""
        raise NotImplementedError

    def as_dict(self) -> dict[str, Any]:
        """Only what differs from the default, as a saved view keeps it."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the inbox."""

    ref: str
    number: int
    way: str
    state: str
    priority: int
    queue: str
    assignee: str  # a member's reference, or ""
    tags: tuple[str, ...]
    opened_at: datetime
    changed_at: datetime
    due_at: datetime | None
    overdue: bool
    waiting_since: datetime | None
    unread: int
    mine: bool
    revision: int


def inbox(*, actor: Actor, filters: Filters, page: int = 1) -> tuple[list[Row], int]:
    """A page of 50, and how many there are in all."""
    raise NotImplementedError


def counts(*, actor: Actor) -> dict[str, int]:
    """Of the usual views: mine, unassigned, open, overdue, waiting, held."""
    raise NotImplementedError
