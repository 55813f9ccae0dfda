"""What comes after: a task for a day, and the question how it was."""

from __future__ import annotations

from datetime import datetime

from troth.channels.conversations.models import Conversation, FollowUp
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.staff.models import Membership


@action
def follow_up(
    conversation: Conversation,
    *,
    actor: Actor,
    due_at: datetime,
    kind: str = "look",
    member: Membership | None = None,
) -> FollowUp:
    """Have somebody come back to it on a day: look, call, write. None is the actor themselves."""
    raise NotImplementedError


@action
def follow_up_done(task: FollowUp, *, actor: Actor) -> FollowUp:
    """The task is done."""
    raise NotImplementedError


@action
def ask_rating(conversation: Conversation, *, actor: Actor) -> bool:
    """Note that the person is asked how it was; False if they were, or the desk does not ask."""
    raise NotImplementedError


@action
def rate(conversation: Conversation, *, actor: Actor, rating: int) -> Conversation:
    """The person says how it was, 1 to 5. They may change it for a day."""
    raise NotImplementedError
