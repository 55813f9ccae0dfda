"""Who of the staff is there."""

from __future__ import annotations

from troth.channels.conversations.actions.changing import ANSWER, member_who_acts
from troth.channels.conversations.actions.handing import distribute
from troth.channels.conversations.models import Presence, Queue
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.kit.live import bus


@action
def here(*, actor: Actor, available: bool | None = None) -> Presence:
    """The member is there now; `available` changes whether they take chats. Call it about every
    20 s: who was not seen for a minute is away. Chats that wait are handed out at once.
    """
    actor.needs(ANSWER)
    member, now = member_who_acts(actor), clock.now()
    found, _ = Presence.objects.get_or_create(
        member=member, defaults={"seen_at": now, "available": False}
    )
    changes = available is not None and found.available != available
    found.seen_at = now
    if available is not None:
        found.available = available
    found.save(update_fields=["seen_at", "available"])
    if changes:
        news = {"kind": "presence", "member": str(member.pk), "available": found.available}
        bus.publish(f"desk:{member.organisation_id}", news)
    if found.available:
        for queue in Queue.objects.filter(round_robin=True, members=member):
            distribute(queue, actor=Actor.system("desk"))
    return found
