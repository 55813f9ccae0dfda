"""A transfer of ownership: everybody whose data would move is told, may object, and only then goes.

Nothing but the rows says how far it came: who is `NAMED` was not told yet. Cut short, it goes on
where it stopped; begun twice, it tells everybody once. How people are written to is the channel's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.cases import acts
from troth.core.cases.clauses import openable_under
from troth.core.cases.entering import OPEN, CaseInvalid, enter, enter_ledger, held
from troth.core.cases.models import Case, Concern
from troth.core.gate.models import Permit
from troth.core.inserting import insert
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.core.recipients.foretelling import foretell, untell

BATCH: Final = 500
State = Concern.State
LISTED: Final = (State.BOUNCED, State.UNREACHED)
SYSTEM: Final = Actor.system("cases")


@action
def begin(case: Case, *, actor: Actor) -> None:
    """Begin to tell the people of an approved transfer."""
    actor.needs(OPEN)
    held(case, Case.State.OPEN)
    if case.kind != Case.Kind.TRANSFER or case.begun_at is not None:
        raise CaseInvalid("The people of this case are being told already, or there is none.")
    case.begun_at = clock.now()
    case.save(update_fields=["begun_at"])
    enter(case, acts.TELLING, actor=actor)


@action
def gather(case: Case) -> int:
    """Name the next people whose data would move. Returns how many were new; 0: all are named."""
    held(case, Case.State.OPEN)
    named = Concern.objects.filter(case=case, person_id=OuterRef("person__root_id"))
    data = Q()
    for category in case.categories:
        data |= Q(category=category) | Q(category__startswith=f"{category}.")
    permits = Permit.objects.filter(Permit.usable(clock.now()), data, purpose=case.purpose)
    roots = permits.filter(~Exists(named)).order_by("person__root_id")
    fresh = list(roots.values_list("person__root_id", flat=True).distinct()[:BATCH])
    insert(
        [Concern(organisation_id=case.organisation_id, case=case, person_id=one) for one in fresh]
    )
    return len(fresh)


@action
def told(concern: Concern, *, actor: Actor, way: str) -> None:
    """Note that somebody was told; from now their time to object runs."""
    if actor.kind == "staff":
        actor.needs(OPEN)
    case = held(concern.case, Case.State.OPEN)
    now = clock.now()
    open_ones = Concern.objects.filter(pk=concern.pk, state__in=(State.NAMED, *LISTED))
    if not open_ones.update(state=State.TOLD, told_at=now, way=way, goes_from=over(case, now)):
        return
    person: Person = concern.person.root
    foretell(person, actor=actor, to=case.recipient, purpose=case.purpose, way=way)
    enter_ledger(case, acts.TOLD, actor=actor, subject=person.ref, detail={"way": way})
    finish(case)


@action
def not_reached(concern: Concern, *, actor: Actor, bounced: bool) -> None:
    """Note that the mail came back, or that there is no address: the case lists them, and they do
    not move until somebody tells them otherwise.
    """
    case = held(concern.case, Case.State.OPEN)
    state = State.BOUNCED if bounced else State.UNREACHED
    open_ones = Concern.objects.filter(pk=concern.pk, state__in=(State.NAMED, State.TOLD))
    if open_ones.update(state=state, goes_from=None, told_at=None):
        person: Person = concern.person.root
        untell(person, actor=actor, to=case.recipient, purpose=case.purpose)
        enter_ledger(
            case,
            acts.UNTOLD,
            actor=actor,
            subject=person.ref,
            detail={"way": "mail" if bounced else "none"},
        )
        finish(case)


@action
def objected(concern: Concern, *, actor: Actor) -> bool:
    """Leave somebody out, as they ask. Returns whether it still could be done."""
    hold_open = held(concern.case)
    out = Concern.objects.filter(pk=concern.pk).exclude(state__in=(State.GIVEN, State.OBJECTED))
    if hold_open.given_at is not None or not out.update(
        state=State.OBJECTED, objected_at=clock.now(), goes_from=None
    ):
        return False
    enter_ledger(hold_open, acts.OBJECTED, actor=actor, subject=concern.person.root.ref)
    finish(hold_open)
    return True


def over(case: Case, since: datetime) -> datetime:
    """When the time to object is over for somebody who was told then."""
    window = openable_under(case.clause).share.window
    return window.due(since, current().policy.company.calendar) if window else since


def finish(case: Case) -> bool:
    """Once nobody is left to be told: note it, and from when what moves may go."""
    if case.told_at is not None or case.begun_at is None:
        return False
    if case.concerns.filter(state=State.NAMED).exists():
        return False
    now = clock.now()
    until = over(case, now)
    if not Case.objects.filter(pk=case.pk, told_at=None).update(
        told_at=now, objections_until=until
    ):
        return False
    case.told_at, case.objections_until = now, until
    enter(case, acts.TOLD_ALL, actor=SYSTEM, count=case.concerns.count())
    return True


def counts(case: Case) -> dict[str, int]:
    """How many people stand in each state."""
    rows = case.concerns.order_by().values_list("state").annotate(count=Count("pk"))
    return {str(state): count for state, count in rows}


def under_way() -> list[UUID]:
    """The transfers whose people are being told."""
    open_ones = Case.objects.filter(kind=Case.Kind.TRANSFER, state=Case.State.OPEN, told_at=None)
    return list(open_ones.exclude(begun_at=None).values_list("pk", flat=True))
