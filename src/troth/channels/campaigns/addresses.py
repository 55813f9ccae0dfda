"""Addresses on a page of copies: sealed until a purpose is picked, and opened as one bulk use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from troth.channels.campaigns.purposes import EMAIL
from troth.core.gate import uses
from troth.core.gate.denials import UseDenied
from troth.core.people.models import Element, Person


def of(request: Any, people: Iterable[Person]) -> dict[UUID, str]:
    """The address by human, of those whose address the picked purpose may use; else nothing."""
    roots = {person.root_id for person in people}
    if request.purpose is None or not roots:
        return {}
    root_of = dict(Person.objects.filter(root_id__in=roots).values_list("pk", "root_id"))
    use = uses.use_audience(
        actor=request.actor, purpose=request.purpose.key, data=[EMAIL], among=root_of
    )
    found: dict[UUID, str] = {}
    try:
        with use as opening:
            held = Element.objects.filter(category=EMAIL, person_id__in=opening.whom)
            for element in held.order_by("collected_at"):
                if isinstance(element.value, str):
                    found[root_of[element.person_id]] = element.value
    except UseDenied:  # the role lacks the purpose: all stays sealed, and that is on the ledger
        return {}
    return found
