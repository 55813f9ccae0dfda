"""What is known of the addresses of a batch: whose they are, and what they are kept from.

Asked for all of them at once. Callers have the touchpoint open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from troth.core.choices.models import Suppression
from troth.core.choices.suppression import ALL
from troth.core.gate.permits import solicits
from troth.core.keyring.opening import require_search
from troth.core.people.models import Element
from troth.core.people.records import Given
from troth.core.sealing.blind import blind_index, mark
from troth.policy import Rules

Why = frozenset[str]


@dataclass(frozen=True)
class Kept:
    """What one row's addresses are kept from: purposes (or `ALL`), with the reasons."""

    reasons: Mapping[str, Why] = field(default_factory=dict)

    @property
    def erased(self) -> bool:
        """Whether one of them was erased on request: it does not come back by a list."""
        return any(Suppression.Reason.ERASED in why for why in self.reasons.values())

    def unsubscribed(self, purpose: str, rules: Rules) -> bool:
        """Whether one is kept from the purpose, or from all that solicits."""
        return purpose in self.reasons or (ALL in self.reasons and solicits(purpose, rules))


class Suppressions:
    """What the addresses of a batch are kept from."""

    def __init__(self, given: Iterable[Given]) -> None:
        self.marks = {item: _mark(item) for item in given}
        self.found: dict[bytes, dict[str, Why]] = {}
        rows = Suppression.objects.filter(digest__in=set(self.marks.values()))
        for digest, purpose, reason in rows.values_list("digest", "purpose", "reason"):
            mine = self.found.setdefault(bytes(digest), {})
            mine[purpose] = mine.get(purpose, frozenset()) | {reason}

    def kept(self, identifiers: Iterable[Given]) -> Kept:
        reasons: dict[str, Why] = {}
        for item in identifiers:
            for purpose, why in self.found.get(self.marks[item], {}).items():
                reasons[purpose] = reasons.get(purpose, frozenset()) | why
        return Kept(reasons)


def _mark(item: Given) -> bytes:
    return mark(require_search(item.category), item.category, item.text)


def known(given: Iterable[Given]) -> set[Given]:
    """Those of these addresses that are somebody's already."""
    by_category: dict[str, dict[bytes, list[Given]]] = {}
    for item in given:
        index = blind_index(require_search(item.category), item.category, item.text)
        by_category.setdefault(item.category, {}).setdefault(index, []).append(item)
    found: set[Given] = set()
    for category, items in by_category.items():
        rows = Element.objects.filter(category=category, index__in=items, identifies=True)
        for there in rows.values_list("index", flat=True):
            found.update(items[bytes(there)])
    return found
