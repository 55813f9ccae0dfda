"""What comes after: a task for a day, and the question how it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from troth.channels.conversations.actions.changing import (
    ANSWER,
    changed,
    desk_of,
    held,
    member_of,
)
from troth.channels.conversations.models import Conversation, FollowUp
from troth.channels.conversations.refusals import ConversationClosedDenied
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.ids import row_id
from troth.core.staff.models import Membership

KINDS: Final = ("look", "call", "write")
BEST: Final = 5
MAY_CHANGE: Final = timedelta(days=1)


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
    actor.needs(ANSWER)
    if kind not in KINDS:
        raise Invalid("A follow-up is to look, to call or to write.")
    found = held(conversation)
    made = FollowUp.objects.create(
        id=row_id(),
        conversation=found,
        member=member or member_of(actor),
        kind=kind,
        due_at=due_at,
    )
    changed(found, [], actor=actor, did="follow-up", kind=kind)
    return made


@action
def follow_up_done(task: FollowUp, *, actor: Actor) -> FollowUp:
    """The task is done. Doing it again changes nothing."""
    actor.needs(ANSWER)
    conversation = held(task.conversation_id)
    task.refresh_from_db()
    if task.done_at is None:
        task.done_at = clock.now()
        task.save(update_fields=["done_at"])
        changed(conversation, [], actor=actor, did="followed-up")
    return task


@action
def ask_rating(conversation: Conversation, *, actor: Actor) -> bool:
    """Note that the person is asked how it was; False if they were, or the desk does not ask, or
    nobody has answered them.
    """
    found = held(conversation)
    unanswered = found.first_answer_at is None
    if unanswered or found.asked_rating_at is not None or not desk_of().ask_rating:
        return False
    found.asked_rating_at = clock.now()
    changed(found, ["asked_rating_at"], actor=actor, did="asked-rating")
    return True


@action
def rate(conversation: Conversation, *, actor: Actor, rating: int) -> Conversation:
    """The person says how it was, 1 to 5. They may change it for a day."""
    if not 1 <= rating <= BEST:
        raise Invalid(f"A rating is a number from 1 to {BEST}.")
    found, now = held(conversation), clock.now()
    if found.rated_at is not None and found.rated_at < now - MAY_CHANGE:
        raise ConversationClosedDenied(
            "This was rated already.", why="A rating can be changed for a day."
        )
    found.rating, found.rated_at = rating, found.rated_at or now
    return changed(found, ["rating", "rated_at"], actor=actor, did="rated")
