"""Addresses that are mailed no more, whatever their people chose: they bounced, or complained.

What is kept is the blind index that the address has among people's data, so that sets can be
chosen by it; and, where the address may be read, the core's keyed digest, which outlives an
erasure.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from troth.channels.campaigns.models import Copy, Undeliverable
from troth.channels.campaigns.purposes import EMAIL, NEWS, NOTICE
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices import suppression as core
from troth.core.errors import Denied
from troth.core.gate import uses
from troth.core.gate.models import Permit
from troth.core.people.models import Element, Person


def suppress(copy: Copy, *, reason: str) -> None:
    """Mail the address this copy went to no more. `reason` is ``bounced`` or ``complained``."""
    held = Element.objects.filter(person=copy.person, category=EMAIL, index__isnull=False)
    if copy.settled_at is not None and reason == Undeliverable.Reason.BOUNCED:
        # An address that was given since is not the one that bounced.
        held = held.filter(collected_at__lte=copy.settled_at)
    bad = Undeliverable.objects.values("index")
    element = held.exclude(index__in=bad).order_by("-collected_at", "-id").first()
    if element is None:
        return
    Undeliverable.objects.create(index=bytes(element.index), reason=reason, at=clock.now())
    _keep_digest(copy, element, reason)


def is_none(copy: Copy) -> bool:
    """The address of a copy that was complained of is gone. Returns whether that is new."""
    complained = Undeliverable.objects.filter(
        reason=Undeliverable.Reason.COMPLAINED, at__gte=copy.settled_at or copy.due_at
    )
    held = Element.objects.filter(person=copy.person, category=EMAIL)
    held = held.filter(index__in=complained.values("index"))
    element = held.order_by("-collected_at", "-id").first()
    if element is None:
        return False
    reason = Undeliverable.Reason.BOUNCED
    Undeliverable.objects.filter(index=element.index).update(reason=reason, at=clock.now())
    _keep_digest(copy, element, reason)
    return True


def _keep_digest(copy: Copy, element: Element, reason: str) -> None:
    try:
        with uses.use(
            actor=Actor.system("campaigns"),
            purpose=copy.campaign.purpose,
            person=copy.person,
            data=[EMAIL],
        ):
            if isinstance(element.value, str):
                core.suppress(EMAIL, element.value, reason=reason)
    except Denied:
        return  # they said no meanwhile: that is kept with them, and nothing may be read


def undeliverable(element: Element) -> None:
    """Mail this address no more: whoever checks addresses says that it does not exist. Inside an
    opening that reads it.
    """
    if element.index is None or not isinstance(element.value, str):
        return
    index = bytes(element.index)
    if not Undeliverable.objects.filter(index=index).exists():
        reason = Undeliverable.Reason.BOUNCED
        Undeliverable.objects.create(index=index, reason=reason, at=clock.now())


def bounced() -> QuerySet[Undeliverable, Any]:
    """The blind indexes of the addresses whose mail came back for good."""
    found = Undeliverable.objects.filter(reason=Undeliverable.Reason.BOUNCED)
    return found.values_list("index", flat=True)


def forget(person: Person) -> None:
    """Remove the indexes of somebody who is purged: nothing remembers them."""
    held = Element.objects.filter(person__root_id=person.root_id, category=EMAIL)
    indexes = [bytes(index) for index in held.values_list("index", flat=True) if index]
    Undeliverable.objects.filter(index__in=indexes).delete()


def suppressed_among(indexes: Collection[bytes], kind: str = NEWS) -> set[bytes]:
    """Those of these addresses (as blind indexes) that are mailed no more, in one query."""
    found = _bad(kind).filter(index__in=indexes).values_list("index", flat=True)
    return {bytes(index) for index in found}


def reachable(people: QuerySet[Permit], kind: str = NEWS) -> QuerySet[Permit]:
    """Those who have an address that is not suppressed for this kind of campaign."""
    if not _bad(kind).exists():
        return people
    return people.exclude(pk__in=_unreachable(people, kind).values("pk"))


def unreachable(people: QuerySet[Permit], kind: str = NEWS) -> int:
    """How many of `people` have suppressed addresses alone."""
    return _unreachable(people, kind).count() if _bad(kind).exists() else 0


def _bad(kind: str) -> QuerySet[Undeliverable]:
    """Who called news unwanted still has to know of an outage; an address that is none is none."""
    found = Undeliverable.objects.all()
    return found.filter(reason=Undeliverable.Reason.BOUNCED) if kind == NOTICE else found


def _unreachable(people: QuerySet[Permit], kind: str) -> QuerySet[Permit]:
    bad = _bad(kind).values("index")
    # From the small side: few addresses are suppressed, and each is found by its index.
    touched = Element.objects.filter(category=EMAIL, index__in=bad).values("person_id")
    good = Element.objects.filter(person_id=OuterRef("person_id"), category=EMAIL)
    return people.filter(person_id__in=touched).filter(~Exists(good.exclude(index__in=bad)))
