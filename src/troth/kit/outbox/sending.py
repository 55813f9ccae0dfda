"""Queueing a mail, in the transaction of the act it belongs to."""

from __future__ import annotations

from uuid import UUID

from troth.core import clock
from troth.core.actors import Actor
from troth.core.inserting import insert
from troth.core.people.models import Element, Person
from troth.kit.outbox.kinds import mail_kind
from troth.kit.outbox.models import Message
from troth.kit.outbox.tasks import deliver_soon


def send(
    person: Person,
    *,
    kind: str,
    purpose: str,
    actor: Actor,
    record: UUID | None = None,
    to: Element | None = None,
) -> Message:
    """Queue a mail of a registered kind; it is delivered once the transaction is through.

    The gate is asked when it is sent, so a choice made in between still counts.
    """
    del actor  # the act that queues it is recorded by its action; the sending by the worker
    mail_kind(kind)
    message = Message(
        organisation_id=person.organisation_id,
        person_id=person.pk,
        kind=kind,
        purpose=purpose,
        record=record,
        to=to,
        queued_at=clock.now(),
    )
    insert([message])
    # In the same transaction: a crash cannot leave a mail behind that nobody delivers.
    deliver_soon(message.organisation_id, message.pk)
    return message
