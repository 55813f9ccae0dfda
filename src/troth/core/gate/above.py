"""The marks that stand above every single choice, and what each of them reaches.

Against solicitation (`permits.solicits`), against collecting beyond what the service needs, and
against giving anything to others. Whoever sets one keeps the single choices beneath it: they count
again once it is lifted. What the policy calls essential is beyond all three.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Final
from uuid import UUID

from troth.core import among  # noqa: F401 - registers the look-up
from troth.core.gate.models import Stance
from troth.core.people.models import Person
from troth.policy import Rules

OTHERS: Final = ("partner", "affiliate", "reseller", "third-party")
"""Kinds of recipients that use what they get for their own ends."""


def beyond(purpose: str, rules: Rules) -> bool:
    """Whether the mark against collecting beyond the necessary stops this purpose."""
    found = rules.purposes.get(purpose)
    return found is not None and found.basis not in ("essential", "prohibited")


def reached(mark: str, rules: Rules) -> list[str]:
    """The purposes whose use a mark of these two stops; one about recipients stops none."""
    return [key for key in rules.purposes if mark == Stance.COLLECTION and beyond(key, rules)]


def kept_from(purpose: str, to: str, rules: Rules, choice: str) -> bool:
    """Whether the mark against giving to others stops a disclosure whose clause asks for `choice`.

    What needs no choice goes on where it is part of what was asked for, or where the recipient
    works for the company alone.
    """
    party = rules.recipients.get(to)
    own_ends = party is not None and party.kind in OTHERS
    return choice != "none" or (own_ends and beyond(purpose, rules))


@lru_cache(maxsize=512)
def necessary(rules: Rules, touchpoint: str) -> frozenset[str]:
    """The elements that a touchpoint collects for something essential, and their categories."""
    names = {
        name
        for block in rules.policy.collects
        if block.at == touchpoint
        and any(rules.purposes[purpose].basis == "essential" for purpose in block.purposes)
        for name in block.everything
    }
    return frozenset(names | {rules.category(name) for name in names})


def refusing(people: Collection[UUID], mark: str) -> frozenset[UUID]:
    """Those of these records whose human has set a mark."""
    said = Stance.objects.filter(purpose=mark, manner="", decision=Stance.Decision.REFUSED)
    found = Person.objects.filter(id__among=people, root_id__in=said.values("person__root_id"))
    return frozenset(found.values_list("pk", flat=True))


def refused(root: UUID, mark: str) -> bool:
    """Whether a human has set a mark, on whichever of their records."""
    return Stance.objects.filter(
        person__root_id=root, purpose=mark, manner="", decision=Stance.Decision.REFUSED
    ).exists()
