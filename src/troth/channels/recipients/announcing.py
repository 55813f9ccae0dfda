"""Telling people before their data goes to a recipient: who is told, and one mail to each.

As with a changed policy nothing but the mails says how far it came, so what was cut short goes on
where it stopped. The time to refuse begins for each when their own server took the mail.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from troth.channels.notices.api import stopped, writing_purposes
from troth.channels.recipients import acts, tasks
from troth.channels.recipients.models import Announcement
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.audiences import audience, tellable
from troth.core.gate.models import Permit
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Person
from troth.core.recipients.binding import ABILITY, named
from troth.core.recipients.foretelling import share_of
from troth.core.recipients.models import Foretold
from troth.kit.outbox.api import Message, send
from troth.policy import Touchpoint
from troth.policy.blocks import Share

KIND: Final = "recipients.foretelling"
EMAIL: Final = "user.contact.email"
BATCH: Final = 200
WORKER: Final = Actor.system("worker")


def announceable(share: Share) -> bool:
    """Whether people are told before data goes under this clause. What goes in a case, its case
    tells of; of what is open to everybody, or to the one written to, nobody is told singly.
    """
    return bool(share.window) and not (share.grounds or share.needs)


@action
def begin(*, actor: Actor, to: str, purpose: str) -> Announcement:
    """Have people told by mail. Begun twice, it goes on; whoever was told is not told again."""
    actor.needs(ABILITY)
    named(to)
    published = current()
    share = share_of(purpose, to, published.rules)
    if share is None or not announceable(share):
        raise Invalid(
            "Nobody has to be told of this.",
            why="No clause gives this recipient data for that purpose after people were told.",
        )
    found = Announcement.objects.filter(
        recipient=to, purpose=purpose, version=published.version
    ).first()
    if found is None:
        found = Announcement.objects.create(
            recipient=to,
            purpose=purpose,
            clause=share.clause,
            version=published.version,
            begun_at=clock.now(),
            begun_by=actor.ref,
        )
        record(
            act=acts.ANNOUNCED,
            organisation=current_organisation_id(),
            actor=actor,
            purpose=purpose,
            clause=share.clause,
            version=published.version,
            to=to,
            detail={"announcement": found.ref},
        )
    organisation, pk = str(found.organisation_id), str(found.pk)
    transaction.on_commit(lambda: tasks.tell_more.enqueue(organisation, pk))
    return found


def newcomer(_person: Person, touchpoint: Touchpoint) -> None:
    """Data of somebody came in: who it is to go to for its purposes they are told too."""
    found = Announcement.objects.filter(
        purpose__in=list(touchpoint.purposes), version=current().version
    )
    for one in found:
        tasks.tell_more.enqueue(str(one.organisation_id), str(one.pk))


def tell_batch(found: Announcement) -> bool:
    """Queue the mails to the next batch of people. Returns whether some may be left."""
    for purpose in writing_purposes(current().rules):
        batch = list(waiting(found, purpose)[:BATCH])
        if not batch:
            continue
        people = Person.objects.in_bulk([permit.person_id for permit in batch])
        with transaction.atomic():
            for permit in batch:
                send(
                    people[permit.person_id].root,
                    kind=KIND,
                    purpose=purpose,
                    actor=WORKER,
                    record=found.pk,
                )
            found.queued += len(batch)
            found.save(update_fields=["queued"])
        return True
    return False


def waiting(found: Announcement, purpose: str) -> QuerySet[Permit]:
    """Whose data could go, may be written to for `purpose`, and was not told yet."""
    family = {"person__root_id": OuterRef("person__root_id")}
    sent = Message.objects.filter(kind=KIND, record=found.pk, **family)
    told = Foretold.objects.filter(recipient=found.recipient, purpose=found.purpose, **family)
    concerned = tellable(purpose=found.purpose, to=found.recipient).filter(**family)
    people = audience(purpose=purpose, data=[EMAIL])
    return people.filter(
        ~Exists(sent), ~Exists(told), ~Exists(stopped(**family)), Exists(concerned)
    ).order_by("id")


def untold(to: str, purpose: str) -> int:
    """How many people would have to be told before their data could go."""
    told = Foretold.objects.filter(
        recipient=to, purpose=purpose, person__root_id=OuterRef("person__root_id")
    )
    people = tellable(purpose=purpose, to=to).filter(~Exists(told))
    return people.values("person__root_id").distinct().count()
