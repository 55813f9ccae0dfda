"""What parts say of their own rows in an access package: what is somebody else's, what is a file.

A conversation is two people's. What the other side wrote is sealed with the person's key and goes
with it, and is still not theirs to be given: their own words are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.db.models import Q, QuerySet

from troth.core.rights.sources import Found

Present = Callable[[QuerySet[Any]], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Telling:
    """How rows of one model are told: without these fields, without these rows, or by `present`."""

    fields: frozenset[str] = frozenset()
    rows: Q = field(default_factory=Q)
    present: Present | None = None
    place: str = ""
    """The touchpoint its rows come in at, where they do not say it."""


_tellings: Final[dict[str, Telling]] = {}
PLAIN: Final = Telling()


def leave_out(label: str, *, fields: tuple[str, ...] = (), rows: Q | None = None) -> None:
    """Say that these fields of a model, and these rows, are the words of somebody else."""
    known = telling(label)
    _tellings[label] = replace(known, fields=frozenset(fields), rows=rows or Q())


def present(label: str, how: Present) -> None:
    """Have `how` tell the rows of a model, which it is given without what is left out."""
    known = telling(label)
    _tellings[label] = replace(known, present=how)


def comes_from(label: str, touchpoint: str) -> None:
    """Say at which touchpoint what a model holds comes in, where its rows do not say it."""
    _tellings[label] = replace(telling(label), place=touchpoint)


def telling(label: str) -> Telling:
    """How the rows of a model are told."""
    return _tellings.get(label, PLAIN)
