"""Segments: which of the people who may get a campaign it is for.

A segment is a list of conditions that all have to hold, kept as JSON:

    {"by": "choice", "purpose": "offers"}           said yes to another purpose
    {"by": "permitted", "purpose": "offers"}        may be written to for another purpose
    {"by": "touchpoint", "touchpoint": "forms.…"}
    {"by": "value", "category": "user.contact.organization", "index": "…"}

`value` compares blind indexes, so that the value itself is not kept; it is made by `equals`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet

from troth.channels.campaigns.purposes import EMAIL
from troth.core import clock
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid
from troth.core.gate import uses
from troth.core.gate.models import Permit, Stance
from troth.core.notices.versions import current
from troth.core.people.models import SEARCHABLE, Element
from troth.core.sealing.blind import blind_index

Condition = Mapping[str, str]
KEYS: Final = {
    "choice": {"by", "purpose"},
    "permitted": {"by", "purpose"},
    "touchpoint": {"by", "touchpoint"},
    "value": {"by", "category", "index"},
}
_MOST = 12


class SegmentInvalid(Invalid):
    """A condition is none there is, or names what the policy does not have."""


class SegmentDenied(Denied):
    """The purpose of the campaign may not use this data, so it cannot choose people by it."""


def equals(*, actor: Actor, purpose: str, category: str, text: str) -> dict[str, str]:
    """The condition that people have exactly this value. Raises `Denied` as the gate does."""
    _may_use(purpose, category)
    with uses.search(actor=actor, purpose=purpose, category=category) as opening:
        index = blind_index(opening, category, text)
    return {"by": "value", "category": category, "index": index.hex()}


def checked(segment: Any, purpose: str) -> list[dict[str, str]]:
    """The segment, if it can be one for this purpose. Raises `SegmentInvalid`, `SegmentDenied`."""
    if not isinstance(segment, list) or len(segment) > _MOST:
        raise SegmentInvalid("A segment is a list of at most twelve conditions.")
    return [_checked(condition, purpose) for condition in segment]


def _checked(condition: Any, purpose: str) -> dict[str, str]:
    rules = current().rules
    if not isinstance(condition, dict) or condition.keys() != KEYS.get(condition.get("by", "")):
        raise SegmentInvalid("A condition of the segment is none there is.", do="Choose it anew.")
    by = condition["by"]
    if by == "touchpoint" and condition["touchpoint"] not in rules.touchpoints:
        raise SegmentInvalid("The segment names a place where nothing is collected.")
    if by in ("choice", "permitted") and condition["purpose"] not in rules.purposes:
        raise SegmentInvalid("The segment names a purpose the policy does not have.")
    if by == "value":
        _may_use(purpose, condition["category"])
        try:
            bytes.fromhex(condition["index"])
        except ValueError:
            raise SegmentInvalid("A value in the segment is damaged.", do="Give it anew.") from None
    return {key: str(value) for key, value in condition.items()}


def _may_use(purpose: str, category: str) -> None:
    rules = current().rules
    rule = rules.find("use", purpose, category)
    if not rule.allowed:
        raise SegmentDenied(
            f"People cannot be chosen by {category} here.",
            why=rules.explain("use", purpose, category),
            clause=rule.clause,
            do="Choose by something the purpose may use.",
        )
    if not category.startswith(SEARCHABLE):
        raise SegmentInvalid(
            f"Nobody can be found by {category}.",
            why="It is not indexed, so that equal values cannot be told apart.",
            do="Choose by a name, a contact or an account.",
        )


def narrowed(
    people: QuerySet[Permit], segment: Sequence[Condition], purpose: str
) -> QuerySet[Permit]:
    """Those among `people` (permits, one each) for whom all conditions hold."""
    for condition in segment:
        people = people.filter(_exists(condition, purpose))
    return people


def _exists(condition: Condition, purpose: str) -> Exists:
    person, now = OuterRef("person_id"), clock.now()
    match condition["by"]:
        case "choice":
            return Exists(
                Stance.objects.filter(
                    person_id=person,
                    purpose=condition["purpose"],
                    decision=Stance.Decision.GIVEN,
                    manner__in=("", "email"),
                )
            )
        case "permitted":
            usable = Permit.objects.filter(
                Permit.usable(now), purpose=condition["purpose"], category=EMAIL
            )
            return Exists(usable.filter(person_id=person))
        case "touchpoint":
            return Exists(
                Element.objects.filter(person_id=person, touchpoint=condition["touchpoint"])
            )
        case _:
            category = condition["category"]
            held = Element.objects.filter(
                person_id=person, category=category, index=bytes.fromhex(condition["index"])
            )
            mine = Permit.objects.filter(
                Permit.usable(now), purpose=purpose, category=category, person_id=person
            )
            return Exists(held.filter(Exists(mine)))
