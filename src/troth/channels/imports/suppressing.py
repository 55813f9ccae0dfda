"""Addresses that do not come back by a list: what they are kept from outlives the record."""

from __future__ import annotations

from collections.abc import Sequence

from troth.core.choices.models import Suppression
from troth.core.choices.suppression import ALL, suppressed
from troth.core.gate.permits import solicits
from troth.core.people.records import Given
from troth.policy import Rules


def erased(identifiers: Sequence[Given]) -> bool:
    """Whether one of these was erased on request."""
    return any(Suppression.Reason.ERASED in why for why in _kept_from(identifiers).values())


def unsubscribed(identifiers: Sequence[Given], purpose: str, rules: Rules) -> bool:
    """Whether one of these is kept from the purpose, or from all that solicits."""
    kept = _kept_from(identifiers)
    return purpose in kept or (ALL in kept and solicits(purpose, rules))


def _kept_from(identifiers: Sequence[Given]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for item in identifiers:
        for purpose, why in suppressed(item.category, item.text).items():
            found[purpose] = found.get(purpose, frozenset()) | why
    return found
