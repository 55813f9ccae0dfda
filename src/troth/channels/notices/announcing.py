"""The mails about a new version: who is affected, and one message to each.

Nothing but the messages says how far it came, so an announcement that was cut short goes on where
it stopped, and begun twice it tells everybody once.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from troth.channels.notices import tasks
from troth.core.actors import Actor
from troth.core.gate.audiences import audience
from troth.core.gate.manners import STOPPED
from troth.core.gate.models import Permit, Stance, Told
from troth.core.notices.models import PolicyVersion
from troth.core.notices.versions import current, version
from troth.core.people.models import Element, Person
from troth.kit.outbox.api import Message, send
from troth.policy import Comparison, Rules, compare

KIND: Final = "notices.changed"
EMAIL: Final = "user.contact.email"
BATCH: Final = 200
WORKER: Final = Actor.system("worker")
NOTIFYING: Final = (
    *("essential.service.notifications", "essential.legal_obligation", "essential.service"),
    "essential",
)
"""Uses under which a mail about a changed policy may go out, the closest first."""
WHOSE_DATA: Final = frozenset({"purpose", "collect", "use"})
"""Kinds of change that concern those alone whose data they are about."""


def begin(row: PolicyVersion) -> None:
    """After publishing: have the worker tell people, if the change is one to be told of by mail."""
    if row.material and "mail" in current().rules.notify:
        tasks.announce.enqueue(str(row.organisation_id), row.version)


def announce(name: str) -> bool:
    """Queue the mails to the next batch of people. Returns whether some are left."""
    published = version(name)
    if current().version != name:
        return False  # a later version is in force, and its notice covers this one
    for purpose in purposes(published.rules):
        batch = list(waiting(name, purpose)[:BATCH])
        if not batch:
            continue
        people = Person.objects.in_bulk([permit.person_id for permit in batch])
        with transaction.atomic():
            for permit in batch:
                send(
                    people[permit.person_id],
                    kind=KIND,
                    purpose=purpose,
                    actor=WORKER,
                    record=published.id,
                )
        return True
    return False


def waiting(name: str, purpose: str) -> QuerySet[Permit]:
    """Who is affected by a version, may be written to for `purpose`, and has no mail of it yet."""
    published = version(name)
    family = {"person__root_id": OuterRef("person__root_id")}
    sent = Message.objects.filter(kind=KIND, record=published.id, **family)
    told = Told.objects.filter(version=name, **family)
    held = Element.objects.exclude(version=name).filter(**family)
    categories = concerned(name)
    if categories is not None:
        held = held.filter(category__in=categories)
    people = audience(purpose=purpose, data=[EMAIL])
    return people.filter(
        ~Exists(sent), ~Exists(told), ~Exists(stopped(**family)), Exists(held)
    ).order_by("id")


def stopped(**whose: Any) -> QuerySet[Stance]:
    """Who had mail of the service stopped: they are told of things on the pages alone."""
    return Stance.objects.filter(manner=STOPPED, decision=Stance.Decision.REFUSED, **whose)


def concerned(name: str) -> frozenset[str] | None:
    """The categories whose owners a version affects; None: everybody of whom anything is held."""
    found = since_before(name)
    if found is None:
        return frozenset()
    kinds = {change.kind for change in found.changes if change.material}
    if kinds - WHOSE_DATA or not found.widened:
        return None
    return frozenset(category for _, category in found.widened)


def since_before(name: str) -> Comparison | None:
    """What changed from the version before; None for the first."""
    names = list(PolicyVersion.objects.values_list("version", flat=True))
    place = names.index(name) + 1
    if place >= len(names):
        return None
    return compare(version(names[place]).policy, version(name).policy)


def purposes(rules: Rules) -> list[str]:
    """Essential purposes under which an address may be written to, the closest first."""
    fit = [
        (NOTIFYING.index(use), key)
        for key, purpose in rules.purposes.items()
        if purpose.basis == "essential" and rules.find("use", key, EMAIL).allowed
        for use in NOTIFYING
        if purpose.use.startswith(use)
    ]
    return list(dict.fromkeys(key for _, key in sorted(fit)))
