"""What stands behind a disclosure that a clause permits on a ground alone: a case.

A clause may ask for a ground, a document, a second person. No caller can say that these are there:
the part that keeps cases is asked, at the moment the data would open, and names whom and what the
case covers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from troth.policy.taxonomy import covers


@dataclass(frozen=True, slots=True)
class Authority:
    """A case as the gate sees it. `reason` says why it opens nothing now; empty, it does.

    `met` are the obligations it has seen to, as rules write them (``ground:court-order``).
    """

    case: str
    reason: str = ""
    to: str = ""
    purpose: str = ""
    categories: frozenset[str] = frozenset()
    met: frozenset[str] = frozenset()
    names: Callable[[Collection[UUID]], bool] = lambda _people: False
    """Whether all of these people (by the record all of a family answer to) are in its scope."""


MISSING: Final = "case-missing"
Ask = Callable[[str], Authority]
_asked: Final[list[Ask]] = []


def register_authority(ask: Ask) -> None:
    """Have `ask` called with the reference of a case that somebody brings to the gate."""
    if ask not in _asked:  # `ready()` may run again
        _asked.append(ask)


def authority(
    case: str, *, to: str, purpose: str, data: Sequence[str], people: Collection[UUID]
) -> Authority:
    """The case, with a `reason` if it does not open this."""
    for ask in _asked:
        found = ask(case)
        if found.reason == MISSING:
            continue  # it may be another part's to know
        if found.reason:
            return found
        inside = (found.to, found.purpose) == (to, purpose) and all(
            any(covers(one, category) for one in found.categories) for category in data
        )
        return found if inside and found.names(people) else Authority(case, "case-scope")
    return Authority(case, MISSING)
