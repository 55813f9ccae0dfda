"""How far a conversation is, and how urgent."""

from __future__ import annotations

from troth.channels.conversations import targets
from troth.channels.conversations.actions.changing import ANSWER, changed, desk_of, held
from troth.channels.conversations.actions.coming_back import ask_rating
from troth.channels.conversations.actions.handing import may_move
from troth.channels.conversations.actions.securing import end_secure_forms
from troth.channels.conversations.models import Conversation
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid

OVER = (Conversation.State.SOLVED, Conversation.State.CLOSED)
FIELDS = ["state", "paused_at", "solved_at", *targets.DUE]


@action
def set_state(
    conversation: Conversation, *, actor: Actor, state: str, revision: int | None
) -> Conversation:
    """Set the state. Clocks stand still while it waits for them or is on hold. What is solved or
    closed has no secure form left.
    """
    if actor.kind == "staff":
        actor.needs(ANSWER)
    if state not in Conversation.State.values:
        raise Invalid("There is no such state.")
    found = held(conversation, revision)
    if found.state == state:
        return found
    if found.merged_into_id is not None:
        raise Invalid("It was merged into another.", do="Take the two apart first.")
    if found.state == Conversation.State.CLOSED and actor.kind == "staff":
        may_move(found, actor=actor)  # opened again it would be anybody's to take, and to read
    before, now = found.state, clock.now()
    targets.turn(found, state, targets.hours_of(desk_of()), now)
    if state not in OVER:
        found.solved_at = None
    elif found.solved_at is None:
        found.solved_at = now
    done = changed(found, FIELDS, actor=actor, did="set-state", state=state, was=before)
    if state in OVER:
        end_secure_forms(done, actor=actor)
        if ask_rating(done, actor=actor):
            done.refresh_from_db()
    return done


def solve(conversation: Conversation, *, actor: Actor, revision: int | None) -> Conversation:
    """Solved; the person is asked how it was, if the desk asks."""
    return set_state(conversation, actor=actor, state="solved", revision=revision)


def reopen(conversation: Conversation, *, actor: Actor, revision: int | None) -> Conversation:
    """Open it again."""
    return set_state(conversation, actor=actor, state="open", revision=revision)


def close(conversation: Conversation, *, actor: Actor) -> Conversation:
    """End it (a visitor ends a chat, the worker one left idle): secure forms are destroyed."""
    return set_state(conversation, actor=actor, state="closed", revision=None)


@action
def set_priority(
    conversation: Conversation, *, actor: Actor, priority: int, revision: int | None
) -> Conversation:
    """1 low, 2 normal, 3 high, 4 urgent."""
    actor.needs(ANSWER)
    if priority not in Conversation.Priority.values:
        raise Invalid("There is no such priority.")
    found = held(conversation, revision)
    if found.priority == priority:
        return found
    was, found.priority = found.priority, priority
    return changed(found, ["priority"], actor=actor, did="set-priority", priority=priority, was=was)
