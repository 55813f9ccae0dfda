"""What was held under a row of ours: read, and taken away."""

from __future__ import annotations

from uuid import UUID

from troth.core import clock
from troth.core.keyring import erasures
from troth.core.keyring.store import signing_key
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element
from troth.core.retention.ending import ELEMENTS
from troth.core.retention.schedules import held
from troth.core.rights.ending import end


def values(record: UUID, touchpoint: str) -> dict[str, str]:
    """By name, what is held under the row. Call it inside an opening of the person."""
    rows = Element.objects.filter(record=record, touchpoint=touchpoint).order_by("id")
    return {one.name: one.value for one in rows if isinstance(one.value, str)}


def many(
    found: dict[UUID, UUID], touchpoint: str, people: frozenset[UUID]
) -> dict[UUID, dict[str, str]]:
    """As `values`, of those rows (with the person of each) whose people are open."""
    rows = Element.objects.filter(
        record__in=list(found), touchpoint=touchpoint, person_id__in=people
    )
    made: dict[UUID, dict[str, str]] = {}
    for one in rows.order_by("id"):
        if one.record and isinstance(one.value, str):
            made.setdefault(one.record, {})[one.name] = one.value
    return made


def take_away(record: UUID, touchpoint: str, *, clause: str) -> None:
    """Remove what is held under the row, from a backup too when one is restored. What a legal hold
    keeps stays sealed, and shows nowhere.
    """
    mine = Element.objects.filter(record=record, touchpoint=touchpoint).exclude(held(clock.now()))
    organisation = current_organisation_id()
    erasures.note(
        organisation=organisation,
        owners=list(mine.values_list("pk", flat=True)),
        keys={},
        key=signing_key(organisation),
        act=ELEMENTS,
    )
    end(mine, then="erase", clause=clause)
