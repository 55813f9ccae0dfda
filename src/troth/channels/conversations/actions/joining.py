"""Making one conversation of two, two of one, a ticket of a chat and a chat of a ticket.

Messages stay where they were written: what is merged points at what it goes on in, which shows
both; so taking it apart gives back what was there. What is split off moves, and knows where it
came from.
"""

from __future__ import annotations

from django.db.models import F, Max

from troth.channels.conversations import targets
from troth.channels.conversations.actions.changing import (
    ANSWER,
    changed,
    desk_of,
    held,
    member_who_acts,
)
from troth.channels.conversations.actions.handing import LIVE, may_move
from troth.channels.conversations.actions.numbering import next_number
from troth.channels.conversations.actions.securing import end_secure_forms
from troth.channels.conversations.models import Conversation, Message, Participant
from troth.channels.conversations.queries.permitted import purpose_of
from troth.channels.conversations.refusals import NotYoursDenied
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate import uses
from troth.core.ids import opaque_ref, row_id
from troth.core.inserting import insert

EMAIL = "user.contact.email"


@action
def merge_conversations(
    conversation: Conversation, *, actor: Actor, into: Conversation, revision: int | None
) -> Conversation:
    """Close one and go on in the other, which shows the messages of both. Only those of one human:
    somebody else's words would be shown to both otherwise.
    """
    actor.needs(ANSWER)
    if conversation.pk == into.pk:
        raise Invalid("A conversation is not merged into itself.")
    first, second = (held(one) for one in sorted([conversation, into], key=lambda c: c.pk))
    mine, target = (first, second) if first.pk == conversation.pk else (second, first)
    mine = held(mine, revision)
    _mine_to_join(mine, actor)
    if mine.person.root_id != target.person.root_id:
        raise Invalid(
            "These two are conversations with different people.",
            why="Each would see what the other wrote.",
            do="Link them; or join the two records first, if they are one human.",
        )
    if mine.merged_into_id or target.merged_into_id:
        raise Invalid("One of them was merged already.", do="Take the two apart first.")
    for one in (mine, target):
        if one.way == Conversation.Way.CHAT and one.state in LIVE:
            # Its visitor holds its secret, and may not be who they say they are.
            raise Invalid(f"The chat #{one.number} still goes on.", do="End it first.")
    mine.merged_into = target
    before = mine.state
    targets.turn(mine, Conversation.State.CLOSED, targets.hours_of(desk_of()), clock.now())
    end_secure_forms(mine, actor=actor)
    changed(
        mine, ["merged_into", "state", "paused_at"], actor=actor, did="merged",
        into=target.number, was=before,
    )  # fmt: skip
    return changed(target, [], actor=actor, did="took-in", number=mine.number)


@action
def unmerge(conversation: Conversation, *, actor: Actor, revision: int | None) -> Conversation:
    """Take it apart again, as it was."""
    actor.needs(ANSWER)
    found = held(conversation, revision)
    target = found.merged_into
    if target is None:
        raise Invalid("It was not merged into another.")
    may_move(found, actor=actor)
    last = found.events.filter(did="merged").order_by("-happened_at", "-id").first()
    state = last.detail.get("was", "open") if last else "open"
    found.merged_into = None
    targets.turn(found, state, targets.hours_of(desk_of()), clock.now())
    fields = ["merged_into", "state", "paused_at", *targets.DUE]
    done = changed(found, fields, actor=actor, did="unmerged", number=target.number)
    changed(held(target), [], actor=actor, did="gave-back", number=found.number)
    return done


@action
def split(
    conversation: Conversation, *, actor: Actor, message: Message, revision: int | None
) -> Conversation:
    """Make a conversation of its own of everything from `message` on. Returns the new one, which
    is whoever's had the first. Chats that go on are not split: their browsers count the messages.
    """
    actor.needs(ANSWER)
    found = held(conversation, revision)
    _mine_to_join(found, actor)
    if found.way == Conversation.Way.CHAT and found.state in LIVE:
        raise Invalid("This chat still goes on.", do="End it, or make a ticket of it, first.")
    if message.conversation_id != found.pk or message.seq <= 1:
        raise Invalid("Something has to be left of the first conversation.")
    now, kept = clock.now(), message.seq - 1
    moving = Message.objects.filter(conversation=found, seq__gt=kept)
    newest = moving.aggregate(most=Max("seq"))["most"]
    way = Conversation.Way.MAIL if found.way == Conversation.Way.CHAT else found.way
    made = Conversation(
        id=row_id(),
        ref=opaque_ref(),
        organisation_id=found.organisation_id,
        number=next_number(),
        person=found.person,
        way=way,
        touchpoint=found.touchpoint,
        clause=found.clause,
        version=found.version,
        state=Conversation.State.OPEN,
        priority=found.priority,
        queue=found.queue,
        assignee=found.assignee,
        last_seq=newest - kept,
        split_from=found,
        opened_at=now,
        changed_at=now,
        person_last_at=found.person_last_at,
    )
    targets.begin(made, found.queue, targets.hours_of(desk_of()), now)
    insert([made])
    moving.update(conversation=made, seq=F("seq") - kept)
    _copy_participants(found, made, actor)
    found.last_seq = kept
    changed(found, ["last_seq"], actor=actor, did="split", number=made.number)
    return changed(made, [], actor=actor, did="split-off", number=found.number)


@action
def to_ticket(conversation: Conversation, *, actor: Actor, revision: int | None) -> Conversation:
    """Go on by mail. Raises `Invalid` when no address of theirs is known."""
    actor.needs(ANSWER)
    found = held(conversation, revision)
    if found.way != Conversation.Way.CHAT:
        raise Invalid("It is a ticket already.")
    if not Participant.objects.filter(conversation=found).exists():
        raise Invalid(
            "Nobody knows an address of this visitor.",
            why="A ticket is answered by mail.",
            do="Ask them for one in the chat.",
        )
    found.way = Conversation.Way.MAIL
    end_secure_forms(found, actor=actor)
    return changed(found, ["way"], actor=actor, did="to-ticket")


@action
def to_chat(conversation: Conversation, *, actor: Actor, revision: int | None) -> Conversation:
    """Go on by chat. Raises `Invalid` when it never was one: nobody would hold its secret."""
    actor.needs(ANSWER)
    found = held(conversation, revision)
    if found.way == Conversation.Way.CHAT or found.touchpoint != "chat.message":
        raise Invalid("It did not begin as a chat.", do="Answer by mail.")
    found.way = Conversation.Way.CHAT
    return changed(found, ["way"], actor=actor, did="to-chat")


def _mine_to_join(conversation: Conversation, actor: Actor) -> None:
    """Joining shows what is said in one to whoever has the other."""
    if actor.kind != "staff":
        return
    if conversation.assignee_id != member_who_acts(actor).pk:
        raise NotYoursDenied("This conversation is not yours.", do="Take it first.")


def _copy_participants(found: Conversation, made: Conversation, actor: Actor) -> None:
    """The same people may write into what was split off. A sealed address is bound to its row: it
    is opened under the purpose of the conversation, and sealed for the other row.
    """
    rows = Participant.objects.filter(conversation=found).select_related("person")
    purpose = purpose_of(found)
    for row in rows:
        with uses.use(actor=actor, purpose=purpose, person=row.person, data=[EMAIL]):
            copy = Participant(
                id=row_id(),
                conversation=made,
                person=row.person,
                address=row.address,
                copied=row.copied,
                added_at=row.added_at,
            )
            copy.save(force_insert=True)
