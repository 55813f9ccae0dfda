"""From one to another: given to a colleague, handed on. The visitor of a chat is told."""

from __future__ import annotations

from troth.channels.conversations import targets
from troth.channels.conversations.actions.changing import ANSWER, changed, desk_of, held
from troth.channels.conversations.actions.handing import LIVE, give, hand_out, may_move
from troth.channels.conversations.actions.writing import Draft, write_many
from troth.channels.conversations.models import Conversation, Queue
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.ids import row_id
from troth.core.staff.models import Membership


@action
def assign(
    conversation: Conversation, *, actor: Actor, to: Membership, revision: int | None
) -> Conversation:
    """Give it to a member of the staff."""
    actor.needs(ANSWER)
    found = held(conversation, revision)
    may_move(found, actor=actor, to=to)
    _tell_visitor(found, to, actor=actor)
    return give(found, to, actor=actor, did="assigned")


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
    actor.needs(ANSWER)
    if (to is None) == (queue is None):
        raise Invalid("Hand it either to a colleague or to a queue.")
    found = held(conversation, revision)
    may_move(found, actor=actor, to=to)
    _tell_visitor(found, to, actor=actor)
    if to is not None:
        return give(found, to, actor=actor, did="transferred")
    found.queue, found.assignee = queue, None
    targets.begin(found, queue, targets.hours_of(desk_of()), clock.now())
    fields = ["queue", "assignee", "first_answer_due_at", "solve_due_at", "paused_at"]
    moved = changed(found, fields, actor=actor, did="queued")
    hand_out(moved, actor=Actor.system("desk"))
    return moved


def _tell_visitor(found: Conversation, to: Membership | None, *, actor: Actor) -> None:
    """Say in a chat that somebody else goes on, where somebody had it and it has begun."""
    had = found.assignee_id is not None and (to is None or to.pk != found.assignee_id)
    if had and found.way == Conversation.Way.CHAT and found.last_seq and found.state in LIVE:
        write_many([Draft(found.pk, actor, "system", "", row_id(), said="transferred")])
        found.refresh_from_db()
