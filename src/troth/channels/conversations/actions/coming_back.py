"""What comes after: a task for a day, and the question how it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Protocol

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


class Ask(Protocol):
    """Asks by another way than the chat itself; returns whether it could."""

    def __call__(self, conversation: Conversation, *, actor: Actor) -> bool: ...


_asks: Final[list[Ask]] = []


def asked_by(ask: Ask) -> None:
    """Have `ask` put the question where a conversation is no chat."""
    if ask not in _asks:  # `ready()` may run again
        _asks.append(ask)


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
    """Ask the person how it was: in the chat, or by mail. False if they were asked or have rated,
    the desk does not ask, nobody has answered them, or no way leads to them.
    """
    found = held(conversation)
    unanswered = found.first_answer_at is None
    asked = found.asked_rating_at is not None or found.rated_at is not None
    if unanswered or asked or not desk_of().ask_rating:
        return False
    chats = found.way == Conversation.Way.CHAT
    if not chats and not any(ask(found, actor=actor) for ask in _asks):
        return False
    found.asked_rating_at = clock.now()
    changed(found, ["asked_rating_at"], actor=actor, did="asked-rating")
    return True


def may_rate(conversation: Conversation) -> bool:
    """Whether it was not rated yet, or may still be rated anew."""
    since = conversation.rated_at
    return since is None or since >= clock.now() - MAY_CHANGE


@action
def rate(conversation: Conversation, *, actor: Actor, rating: int) -> Conversation:
    """The person says how it was, 1 to 5. They may change it for a day."""
    if not 1 <= rating <= BEST:
        raise Invalid(f"A rating is a number from 1 to {BEST}.")
    found, now = held(conversation), clock.now()
    if not may_rate(found):
        raise ConversationClosedDenied(
            "This was rated already.", why="A rating can be changed for a day."
        )
    found.rating, found.rated_at = rating, found.rated_at or now
    return changed(found, ["rating", "rated_at"], actor=actor, did="rated")
