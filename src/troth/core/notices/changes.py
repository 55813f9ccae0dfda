"""What changed between two versions, as the page lists it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from troth.policy import Comparison, Policy

KINDS: Final = {"added": "added", "removed": "removed"}


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the list; `kind` is one of added, removed, changed."""

    kind: str
    clause: str
    text: str
    material: bool = False
    before: str = ""
    after: str = ""


def in_effect(found: Comparison) -> list[Item]:
    """The changes in what is done with data, those people must be told of first."""
    items = [
        Item(KINDS.get(change.effect, "changed"), change.clause, change.sentence, change.material)
        for change in found.changes
    ]
    return sorted(items, key=lambda item: not item.material)


def in_words(found: Comparison, old: Policy, new: Policy) -> list[Item]:
    """Clauses of both versions whose text reads otherwise, with both texts."""
    items = []
    for number in found.reworded:
        before, after = old.clause(number), new.clause(number)
        if before is not None and after is not None:
            text = "Said in other words."
            items.append(
                Item("changed", number, text, before=before.text.strip(), after=after.text.strip())
            )
    return items
