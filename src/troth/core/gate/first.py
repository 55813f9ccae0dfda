"""The permits of somebody who was made a moment ago: nothing is there, and nothing was decided.

What a touchpoint gives them follows from the policy alone, so it is worked out once a version; the
sending of a form, which makes more permits than anything else, only writes them down.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from troth.core import clock
from troth.core.gate.models import Permit
from troth.core.ids import row_hex
from troth.core.inserting import insert_values
from troth.core.people.models import Person
from troth.core.people.records import Origin
from troth.policy import Rules

ASKING: Final = ("opt-in", "explicit-opt-in")
_WRITTEN: Final = (
    *("id", "person_id", "purpose", "category", "state", "opens_at", "usable_from"),
    *("touchpoint", "clause", "version"),
)


def grant_first(
    person: Person,
    categories: tuple[str, ...],
    purposes: tuple[str, ...],
    origin: Origin,
    rules: Rules,
) -> None:
    """Make the permits that collecting `categories` for `purposes` gives to a new person."""
    now, owner = clock.now(), person.pk.hex
    came = (origin.touchpoint, origin.clause, origin.version)
    awaiting = (Permit.State.AWAITING.value, None, None, *came)
    usable = (Permit.State.OPEN.value, now, now, *came)
    rows = [
        (row_hex(), owner, purpose, category, *(awaiting if needs_yes else usable))
        for purpose, category, needs_yes in _given(rules, origin.touchpoint, purposes, categories)
    ]
    insert_values(Permit, _WRITTEN, rows)


@lru_cache(maxsize=256)
def _given(
    rules: Rules, touchpoint: str, purposes: tuple[str, ...], categories: tuple[str, ...]
) -> tuple[tuple[str, str, bool], ...]:
    """Purpose and category of each permit, and whether it awaits the person's yes."""
    found = []
    for purpose in purposes:
        for category in categories:
            rule = rules.find("use", purpose, category)
            if rule.allowed and rules.find("collect", purpose, category, touchpoint).allowed:
                found.append((purpose, category, rule.basis in ASKING))
    return tuple(found)
