"""What all verbs share: holding a conversation, judging a revision, telling who has to know."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from troth.channels.conversations import acts
from troth.channels.conversations.models import Conversation, Event, Queue
from troth.channels.conversations.refusals import ConversationMissing, StaleDenied
from troth.channels.conversations.targets import desk_of
from troth.core import clock
from troth.core.actors import Actor
from troth.core.asking import look_up
from troth.core.errors import Denied
from troth.core.ids import row_id
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.staff.models import Membership, Role
from troth.kit.live import bus

__all__ = [
    "ANSWER",
    "changed",
    "desk_of",
    "held",
    "member_of",
    "member_who_acts",
    "named",
    "queues",
    "tell",
]

MOST_QUEUES = 1000
ANSWER = Role.Ability.INBOX_READ


def named(actor: Actor) -> str:
    return f"{actor.kind}:{actor.ref}"


def member_of(actor: Actor) -> Membership | None:
    """The member of the staff who acts, if it is one."""
    if actor.kind != "staff":
        return None
    return Membership.objects.get(ref=actor.ref)


def member_who_acts(actor: Actor) -> Membership:
    """The member of the staff who acts. Raises `Denied` for anybody else."""
    found = member_of(actor)
    if found is None:
        raise Denied("Only a member of the staff can do this.")
    return found


def held(conversation: Conversation | UUID, revision: int | None = None) -> Conversation:
    """The conversation as it is now, kept from everybody else until the transaction ends.

    Raises `StaleDenied` where it is of a later revision than the one given, `ConversationMissing`.
    """
    key = conversation if isinstance(conversation, UUID) else conversation.pk
    found = Conversation.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if found is None:
        raise ConversationMissing("There is no such conversation.")
    if revision is not None and found.revision != revision:
        raise StaleDenied(_since(found, revision), found.revision)
    return found


def _since(conversation: Conversation, revision: int) -> list[Event]:
    events = conversation.events.order_by("happened_at", "id")
    return [event for event in events if event.detail.get("revision", 0) > revision]


def queues() -> dict[UUID, Queue]:
    return {queue.pk: queue for queue in look_up(Queue, MOST_QUEUES)}


def changed(
    conversation: Conversation,
    fields: Iterable[str],
    *,
    actor: Actor,
    did: str,
    **detail: object,
) -> Conversation:
    """Save what a verb changed under a new revision, note it, record it, and tell who listens."""
    now = clock.now()
    conversation.revision += 1
    conversation.changed_at = now
    conversation.save(update_fields=[*fields, "revision", "changed_at"])
    Event.objects.create(
        id=row_id(),
        conversation=conversation,
        actor=named(actor),
        did=did,
        detail={**detail, "revision": conversation.revision},
        happened_at=now,
    )
    act, told = acts.changed(did)
    record(
        act=act,
        organisation=conversation.organisation_id,
        actor=actor,
        subject=conversation.person.ref,
        clause=conversation.clause,
        version=current().version,
        detail=told,
    )
    tell(conversation, kind="changed", did=did, revision=conversation.revision)
    return conversation


def tell(conversation: Conversation, *, kind: str, **ids: object) -> None:
    """Tell the conversation's listeners and the desk, once the transaction is committed."""
    message = {"kind": kind, "conversation": str(conversation.pk), **ids}
    bus.publish_many(
        [
            (f"conversation:{conversation.pk}", message),
            (f"desk:{conversation.organisation_id}", message),
        ]
    )
