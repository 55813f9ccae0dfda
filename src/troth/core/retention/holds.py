"""Legal holds, and the ends from which periods count: set by people, on the ledger."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid, Missing
from troth.core.keyring import erasures
from troth.core.ledger.api import record
from troth.core.organisations.scope import current_organisation_id
from troth.core.people import standings
from troth.core.people.models import Person
from troth.core.retention import acts
from troth.core.retention.models import Closing, Hold
from troth.core.retention.words import GROUNDS

ABILITY: Final = "people.erase"
LONGEST: Final = timedelta(days=3 * 366)


class HeldDenied(Denied):
    """A legal hold keeps this from being removed."""


def standing(at: datetime | None = None) -> QuerySet[Hold]:
    """The holds that last."""
    return Hold.objects.filter(Hold.standing(at or clock.now()))


@action
def set_hold(
    *,
    actor: Actor,
    ground: str,
    ends_at: datetime,
    person: Person | None = None,
    category: str = "",
    touchpoint: str = "",
) -> Hold:
    """Have nothing removed that this covers. Raises `Invalid` without a ground, an end in the
    future and something to cover.
    """
    actor.needs(ABILITY)
    now = clock.now()
    if ground not in GROUNDS:
        raise Invalid("A hold needs a ground.", do=f"Name one: {', '.join(GROUNDS)}.")
    if not now < ends_at <= now + LONGEST:
        raise Invalid(
            "A hold needs an end in the next three years.",
            do="Set another when it runs out and is still needed.",
        )
    if person is None and not (category or touchpoint):
        raise Invalid("A hold has to say what it covers.", do="Name a person, data, or a place.")
    hold = Hold.objects.create(
        person=person.root if person else None,
        category=category,
        touchpoint=touchpoint,
        ground=ground,
        set_by=actor.ref,
        begins_at=now,
        ends_at=ends_at,
    )
    record(
        act=acts.HELD,
        organisation=current_organisation_id(),
        actor=actor,
        subject=person.root.ref if person else None,
        data=[category] if category else (),
        detail={"hold": hold.ref, "ground": ground, "until": ends_at.date()},
    )
    return hold


@action
def lift_hold(hold: Hold, *, actor: Actor) -> None:
    """End a hold before its time."""
    actor.needs(ABILITY)
    if not Hold.objects.filter(pk=hold.pk, lifted_at=None).update(lifted_at=clock.now()):
        raise Invalid("This hold was lifted already.")
    record(
        act=acts.LIFTED,
        organisation=current_organisation_id(),
        actor=actor,
        subject=hold.person.ref if hold.person else None,
        detail={"hold": hold.ref},
    )


def by_ref(ref: str) -> Hold:
    """A hold by its reference. Raises `Missing`."""
    found: Hold | None = Hold.objects.filter(ref=ref).select_related("person").first()
    if found is None:
        raise Missing("There is no such hold.", do="Look at the list of holds.")
    return found


def refuse_held(person: Person) -> None:
    """Raise `HeldDenied` while a hold covers something of this human. A restore is not held up:
    what it erases again was erased after the hold.
    """
    if erasures.replaying():
        return
    found = standing().filter(Q(person__root_id=person.root_id) | Q(person=None))
    for hold in found:
        if hold.person_id is None and not _covers(hold, person.root_id):
            continue
        raise HeldDenied(
            "A legal hold keeps this person's data.",
            why=f"{GROUNDS[hold.ground]}, until {hold.ends_at:%d %B %Y}.",
            do="Wait for its end, or have it lifted on the page Retention.",
        )


def _covers(hold: Hold, root: UUID) -> bool:
    from troth.core.people.models import Element  # noqa: PLC0415 - beside its use

    mine = Element.objects.filter(person__root_id=root)
    if hold.category:
        mine = mine.filter(Q(category=hold.category) | Q(category__startswith=f"{hold.category}."))
    if hold.touchpoint:
        mine = mine.filter(touchpoint=hold.touchpoint)
    return mine.exists()


@action
def close(
    person: Person,
    *,
    actor: Actor,
    what: str,
    purpose: str = "",
    record_id: UUID | None = None,
    at: datetime | None = None,
) -> Closing:
    """Note the end of a person's contract, of a purpose, or of a delivery: periods count from it.

    Without a `purpose` the end of purposes is that of all. Noted twice, the first counts.
    """
    if what not in Closing.What.values:
        raise Invalid("This has no end that a clause counts from.")
    closing, made = Closing.objects.get_or_create(
        person=person.root,
        what=what,
        purpose=purpose,
        record=record_id,
        defaults={"at": at or clock.now()},
    )
    if made:
        record(
            act=acts.CLOSED,
            organisation=current_organisation_id(),
            actor=actor,
            subject=person.root.ref,
            purpose=purpose,
            detail={"what": what},
        )
        if what == Closing.What.CONTRACT:
            standings.move(person, Person.Standing.FORMER, actor=actor, cause="contract-ended")
    return closing


@action
def reopen(person: Person, *, actor: Actor, what: str, purpose: str = "") -> None:
    """It began anew, so nothing counts from its end any more; where none was, nothing happens."""
    ended = Closing.objects.filter(person__root=person.root, what=what, purpose=purpose)
    if not ended.delete()[0]:
        return
    record(
        act=acts.REOPENED,
        organisation=current_organisation_id(),
        actor=actor,
        subject=person.root.ref,
        purpose=purpose,
        detail={"what": what},
    )
