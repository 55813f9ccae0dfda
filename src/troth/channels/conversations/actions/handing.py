"""Who has a conversation: by hand, by turns, from one to another."""

from __future__ import annotations

from troth.channels.conversations.models import Conversation, Queue
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.staff.models import Membership


@action
def assign(
    conversation: Conversation, *, actor: Actor, to: Membership, revision: int | None
) -> Conversation:
    """Give it to a member of the staff."""
    raise NotImplementedError


@action
def take(conversation: Conversation, *, actor: Actor, revision: int | None = None) -> Conversation:
    """Take it oneself: its bodies open from now on. Raises `Stale` if a colleague was quicker."""
    raise NotImplementedError


@action
def release(conversation: Conversation, *, actor: Actor, revision: int | None) -> Conversation:
    """Give it back to its queue, for anybody."""
    raise NotImplementedError


@action
def transfer(
    conversation: Conversation,
    *,
    actor: Actor,
    revision: int | None,
    to: Membership | None = None,
    queue: Queue | None = None,
) -> Conversation:
    """Hand it to a colleague, or to another queue, where it goes to whose turn it is."""
    raise NotImplementedError


@action
def distribute(queue: Queue, *, actor: Actor) -> int:
    """Give what waits in a queue by turns to who is there and has room; returns how many."""
    raise NotImplementedError
