"""Recipients of the data, told of a correction or deletion; the ledger knows who they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.among import Ids
from troth.core.errors import Invalid
from troth.core.gate.acts import DISCLOSED, DISCLOSED_MANY
from troth.core.inserting import insert
from troth.core.ledger.api import record
from troth.core.ledger.models import Entry, Pending
from troth.core.ledger.rolls import entries_about
from troth.core.ledger.timelines import veiled
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.core.rights import acts
from troth.core.rights.asking import by_staff
from troth.core.rights.models import Request, Telling

AGAIN: Final = timedelta(days=5)
"""How long a recipient has to answer before it is asked again."""
TRIES: Final = 4
"""How often it is asked before its silence is noted for people to look into."""
NOT_TOLD: Final = frozenset({"public", "addressee"})
"""Kinds of recipients nobody can ask: everybody, and whom the person wrote to themselves."""


def recipients_of(people: Sequence[UUID]) -> dict[str, str]:
    """The recipients that got data of these records, with the clause each got it under.

    Who got it in a case that an order keeps silent is left out: the person sees who was told.
    """
    refs = list(Person.objects.filter(pk__among=Ids(people)).values_list("ref", flat=True))
    if not refs:
        return {}
    about = Q(subject__in=refs)
    if bulk := entries_about(refs):
        about |= Q(pk__among=Ids(bulk))
    given = Entry.objects.filter(about, act__in=(DISCLOSED, DISCLOSED_MANY))
    raw = [*given.values_list("body", flat=True)]
    raw += Pending.objects.filter(about).values_list("body", flat=True)
    bodies = [json.loads(bytes(one)) for one in raw]
    hidden = veiled(frozenset(one["detail"].get("case", "") for one in bodies) - {""})
    found: dict[str, str] = {}
    parties = current().rules.recipients
    for body in bodies:
        key = body["to"]
        if body["act"] not in (DISCLOSED, DISCLOSED_MANY) or not key:
            continue
        if body["detail"].get("case") in hidden:
            continue
        if key not in parties or parties[key].kind not in NOT_TOLD:
            found.setdefault(key, body["clause"])
    return found


def lay_down(request: Request, people: Sequence[UUID]) -> int:
    """Note who has to be told, while the records still have their names on the ledger. Safe to
    repeat; nobody is told before `make_due`.
    """
    known = set(Telling.objects.filter(request=request).values_list("recipient", flat=True))
    fresh = [
        Telling(
            organisation_id=request.organisation_id,
            request=request,
            recipient=recipient,
            kind=request.kind,
        )
        for recipient in recipients_of(people)
        if recipient not in known
    ]
    insert(fresh)
    return len(fresh)


def make_due(request: Request) -> int:
    """Have the recipients told from now on: the data is gone, or put right, here."""
    waiting = Telling.objects.filter(request=request, state=Telling.State.DUE, next_at=None)
    return waiting.update(next_at=clock.now())


@action
def told(telling: Telling, *, actor: Actor) -> None:
    """Note that the recipient was told; after `AGAIN` it is asked again, `TRIES` times."""
    by_staff(actor)
    telling.refresh_from_db()
    if telling.state not in Telling.OPEN:
        raise Invalid("This recipient has answered.")
    now = clock.now()
    telling.state, telling.tries = Telling.State.TOLD, telling.tries + 1
    telling.told_at = telling.told_at or now
    telling.next_at = now + AGAIN
    telling.save()
    _record(acts.TOLD, telling, actor)


@action
def was_answered(telling: Telling, *, actor: Actor, done: bool) -> None:
    """Note the recipient's answer: it did the same, or says why not elsewhere."""
    by_staff(actor)
    telling.refresh_from_db()
    state = Telling.State.DONE if done else Telling.State.REFUSED
    if telling.state in (Telling.State.DONE, Telling.State.REFUSED):
        raise Invalid("This recipient has answered.")
    telling.state, telling.answered_at, telling.next_at = state, clock.now(), None
    telling.save()
    _record(acts.ANSWERED, telling, actor, state=str(state))


def silence() -> int:
    """Note the recipients that did not answer, however often they were asked."""
    tired = Telling.objects.filter(
        state=Telling.State.TOLD, tries__gte=TRIES, next_at__lte=clock.now()
    )
    return tired.update(state=Telling.State.SILENT, next_at=None)


def _record(act: str, telling: Telling, actor: Actor, **detail: str) -> None:
    request = telling.request
    record(
        act=act,
        organisation=request.organisation_id,
        actor=actor,
        subject=request.subject or None,
        clause=request.clause,
        version=current().version,
        to=telling.recipient,
        detail={"request": request.ref, "kind": request.kind, **detail},
    )
