"""Sets of people: who of an organisation may be used for a purpose, as one SQL query."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet

from troth.core import clock
from troth.core.gate.models import Permit
from troth.core.notices.versions import current


def audience(*, purpose: str, data: Sequence[str]) -> QuerySet[Permit]:
    """The permits, one for each person, of those whose `data` may all serve `purpose` now.

    The policy is asked first: where it permits nothing the set is empty. Take ``person_id`` from
    the rows; they hold no personal value.
    """
    rules = current().rules
    if not data or not all(rules.find("use", purpose, category).allowed for category in data):
        return Permit.objects.none()
    usable = Permit.objects.filter(purpose=purpose, usable_from__lte=clock.now())
    first, *others = data
    people = usable.filter(category=first)
    for category in others:
        also = usable.filter(category=category, person_id=OuterRef("person_id"))
        people = people.filter(Exists(also))
    return people
