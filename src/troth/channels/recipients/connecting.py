"""Services of recipients: entered, taken out, and told when something happens to somebody's data.

Data that comes in and a choice that is made queue one thing to be said, by ids. What is said is
decided when it is said, at the gate: put somebody there, or take them off.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from troth.channels.recipients import acts, tasks
from troth.channels.recipients.announcing import newcomer
from troth.channels.recipients.delivering import HELD
from troth.channels.recipients.describing import read, still_holds
from troth.channels.recipients.models import Connector, Delivery, Handover
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices.deciding import on_choice
from troth.core.connect.secrets import checked
from troth.core.errors import Invalid, Missing
from troth.core.gate.collecting import on_held
from troth.core.gate.models import Stance
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Person
from troth.core.recipients.binding import ABILITY
from troth.core.recipients.models import Foretold
from troth.core.recipients.standing import barred
from troth.policy import Touchpoint

KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
OVERTAKEN: Final = "description"
"""The fault of a service whose description the policy in force does not bear any more."""
MOST: Final = 200
"""How many that were held back are queued again at once."""
WINDOWS: Final = ("not-told", "recipient-window")


def register() -> None:
    on_held(held)
    on_held(newcomer)
    on_choice(chosen)


@action
def add(key: str, text: str, *, actor: Actor, secret_from: str = "") -> Connector:
    """Enter a service, or describe one anew. Nothing is sent. Raises `DescriptionInvalid`."""
    actor.needs(ABILITY)
    if not KEY.fullmatch(key):
        raise Invalid("That is no key for a connector.", do="Small letters, digits and hyphens.")
    if secret_from and actor.kind != "system":
        raise Invalid("Where a secret is, is named on the command line only.")
    found = read(text)
    made = Connector.objects.filter(key=key).first() or Connector(key=key, added_at=clock.now())
    made.recipient, made.purpose, made.description = found.recipient, found.purpose, text
    made.secret_from, made.state = checked(secret_from), Connector.State.ACTIVE
    made.fault, made.fault_at = "", None
    made.save()
    _note(made, actor, "active")
    return made


@action
def remove(key: str, *, actor: Actor) -> None:
    """Take a service out. What is there stays there; nothing more goes."""
    actor.needs(ABILITY)
    made = Connector.objects.filter(key=key).first()
    if made is None:
        raise Missing("There is no such connector.")
    _note(made, actor, "removed")
    made.delete()


def _note(made: Connector, actor: Actor, state: str) -> None:
    record(
        act=acts.CONNECTED,
        organisation=current_organisation_id(),
        actor=actor,
        purpose=made.purpose,
        version=current().version,
        to=made.recipient,
        detail={"connector": made.key, "state": state},
    )


def held(person: Person, touchpoint: Touchpoint) -> None:
    """Data of somebody came in: whoever gets it by a service is to hear of it."""
    for found in _active(touchpoint.purposes):
        described = still_holds(found.description)
        if described is None:  # no reason to take nothing in: it is told at the connector
            overtaken = Connector.objects.filter(pk=found.pk).exclude(fault=OVERTAKEN)
            overtaken.update(fault=OVERTAKEN, fault_at=clock.now())
            continue
        if described.at and touchpoint.key not in described.at:
            continue
        kinds = [("put", Delivery.Kind.PUT), ("check", Delivery.Kind.CHECK)]
        for name, kind in kinds:
            if name in described.operations:
                queue(found, person, kind)


def chosen(person: Person, purposes: Collection[str]) -> None:
    """Somebody decided: whoever gets their data by a service hears of it."""
    marks = not set(purposes).isdisjoint(Stance.MARKS)
    for found in _active(None if marks else purposes):
        described = still_holds(found.description)
        # What cannot be said any more fails where it is said, and is told there.
        if described is None or "put" in described.operations:
            queue(found, person, Delivery.Kind.PUT)


def _active(purposes: Iterable[str] | None) -> list[Connector]:
    rows = Connector.objects.filter(state=Connector.State.ACTIVE)
    return list(rows if purposes is None else rows.filter(purpose__in=list(purposes)))


def queue(found: Connector, person: Person, kind: str) -> Delivery:
    """Queue one thing to be said, in the transaction of what it follows; once while it waits."""
    same = Delivery.objects.filter(
        connector=found,
        person__root_id=person.root_id,
        kind=kind,
        state=Delivery.State.QUEUED,
        tries=0,
    ).first()
    if same is not None:
        return same
    made = Delivery.objects.create(
        connector=found, person_id=person.root_id, kind=kind, queued_at=clock.now()
    )
    _enqueue(made)
    return made


def go_on() -> int:
    """Queue again what was held back and may go now: a bar was lifted, a time to refuse is over."""
    told = Foretold.objects.filter(
        person__root_id=OuterRef("person__root_id"),
        recipient=OuterRef("connector__recipient"),
        purpose=OuterRef("connector__purpose"),
        opens_at__lte=clock.now(),
    )
    held_back = Delivery.objects.filter(state=Delivery.State.HELD)
    parties = held_back.order_by().values_list("connector__recipient", flat=True).distinct()
    free = [to for to in parties if _may_receive(to)]
    rows = held_back.filter(
        ~Q(answer__in=WINDOWS) | Exists(told), connector__recipient__in=free
    ).order_by("queued_at")[:MOST]
    for one in rows:
        with transaction.atomic():
            Delivery.objects.filter(pk=one.pk).update(state=Delivery.State.QUEUED, answer="")
            _enqueue(one)
    for stopped in Handover.objects.filter(state=Handover.State.SENDING, fault__in=HELD):
        if _may_receive(stopped.recipient):
            Handover.objects.filter(pk=stopped.pk).update(fault="")
            tasks.send_list.enqueue(str(stopped.organisation_id), str(stopped.pk))
    return len(rows)


def _may_receive(to: str) -> bool:
    rules, today = current().rules, clock.now().date()
    party = rules.recipients.get(to)
    expired = party is not None and party.expires is not None and party.expires <= today
    return not expired and barred(to, rules) is None


def _enqueue(one: Delivery) -> None:
    organisation: UUID = one.organisation_id
    tasks.deliver.enqueue(str(organisation), str(one.pk))
