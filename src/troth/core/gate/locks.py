"""Locked values: kept because a clause says so, and out of reach of every other purpose.

docs/adr/0017 has the rule and its reasons.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Final

from troth.policy import Rules
from troth.policy.blocks import Keep
from troth.policy.taxonomy import covers

LAW: Final = "essential.legal_obligation"
"""The fideslang data use of what a law asks of the company."""
SERVING: Final = "essential.service"
"""That of providing what was asked for, which ends for whoever is erased."""


def opens(rules: Rules, purpose: str) -> frozenset[tuple[str, str]]:
    """Touchpoint and category of the locked values that a purpose may still open."""
    return _opens(rules, purpose)


@lru_cache(maxsize=1024)
def _opens(rules: Rules, purpose: str) -> frozenset[tuple[str, str]]:
    pairs = {
        (block.at, rules.category(name))
        for block in rules.policy.collects
        for name in block.everything
    }
    return frozenset(
        pair for pair in pairs if stays(rules, *pair) and purpose in purposes_left(rules, *pair)
    )


@lru_cache(maxsize=4096)
def purposes_left(rules: Rules, touchpoint: str, category: str) -> frozenset[str]:
    """The purposes for which a locked value may be opened: those its keep clause names.

    Where it names none: of the essential purposes it was collected for, those that a law asks for,
    and if the clause says that it locks or if none is a law's, all but that of providing what was
    asked for, which nobody does any more for somebody erased.
    """
    keep = rules.keep(category, touchpoint)
    if keep is not None and keep.purposes:
        return frozenset(keep.purposes)
    essential = _collected_for(rules, touchpoint, category)
    lawful = frozenset(key for key in essential if covers(LAW, rules.purposes[key].use))
    beside = frozenset(key for key in essential if rules.purposes[key].use != SERVING)
    return beside if keep is not None and keep.then == "lock" else lawful or beside


@lru_cache(maxsize=4096)
def stays(rules: Rules, touchpoint: str, category: str) -> Keep | None:
    """The clause by which a value stays, locked, when its person is erased; None: it goes.

    It says so itself (``then = "lock"``); or it counts years from the day of collection, and ends
    in erasure, for what came in at a place that collects for a duty of law, such as an invoice.
    """
    keep = rules.keep(category, touchpoint)
    if keep is None:
        return None
    if keep.then == "lock":
        return keep
    owed = (
        keep.then == "erase" and keep.period.after == "collection" and keep.period.unit == "years"
    )
    return keep if owed and _by_law(rules, touchpoint) else None


def over(keep: Keep, collected: datetime, now: datetime, calendar: str) -> bool:
    """Whether a clause that counts from the day of collection has run out."""
    return keep.period.after == "collection" and keep.period.due(collected, calendar) <= now


@lru_cache(maxsize=1024)
def _by_law(rules: Rules, touchpoint: str) -> bool:
    """Whether a place collects for a purpose that a law asks for."""
    return any(
        covers(LAW, rules.purposes[key].use)
        for block in rules.policy.collects
        if block.at == touchpoint
        for key in block.purposes
    )


def _collected_for(rules: Rules, touchpoint: str, category: str) -> frozenset[str]:
    return frozenset(
        key
        for block in rules.policy.collects
        if block.at == touchpoint
        and any(covers(rules.category(name), category) for name in block.everything)
        for key in block.purposes
        if rules.purposes[key].basis == "essential"
    )
