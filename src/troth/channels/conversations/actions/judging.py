"""What may be written where: the conversations of a set of drafts, held and judged."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from troth.channels.conversations.actions.changing import ANSWER, desk_of, queues
from troth.channels.conversations.hours import Hours
from troth.channels.conversations.models import Conversation, Event, Message, Queue
from troth.channels.conversations.refusals import (
    ConversationClosedDenied,
    ConversationMissing,
    NotYoursDenied,
    StaleDenied,
)
from troth.channels.conversations.targets import hours_of
from troth.core import clock
from troth.core.staff.models import Membership

if TYPE_CHECKING:
    from troth.channels.conversations.actions.writing import Draft

WORDS = ("person", "staff")


class Places:
    """The conversations that drafts go to, kept from everybody else until the transaction ends."""

    def __init__(self, drafts: Sequence[Draft], new: Conversation | None = None) -> None:
        """`new` is a conversation that these drafts begin: nobody else knows it yet."""
        self.now = clock.now()
        self._places: dict[UUID, Conversation] = {}
        self._written: dict[tuple[UUID, UUID], Message] = {}
        if new is not None:
            self._places[new.pk] = new
        else:
            self._hold({draft.conversation for draft in drafts})
            self._written = self._repeats(drafts)
        self._members = self._staff(drafts)

    @cached_property
    def hours(self) -> Hours:
        return hours_of(desk_of())

    @cached_property
    def _queues(self) -> dict[UUID, Queue]:
        return queues()

    def member(self, draft: Draft) -> UUID | None:
        return self._members.get(draft.actor.ref) if draft.actor.kind == "staff" else None

    def queue(self, place: Conversation) -> Queue | None:
        if place.queue_id is None:
            return None
        loaded = "queue" in place._state.fields_cache
        return place.queue if loaded else self._queues.get(place.queue_id)

    def written(self, draft: Draft) -> Message | None:
        """What an earlier sending of the draft has left."""
        return self._written.get((draft.conversation, draft.client_id))

    def judge(self, draft: Draft) -> Conversation:
        """Where the draft goes. Raises what `write_many` says."""
        place = self._places.get(draft.conversation)
        if place is None:
            raise ConversationMissing("There is no such conversation.")
        if place.state == Conversation.State.CLOSED and draft.side in WORDS:
            raise ConversationClosedDenied(
                "This conversation is closed.",
                why="Nothing is added to what is over.",
                do="Begin another; it can be linked to this one.",
            )
        if draft.actor.kind == "staff":
            self._judge_staff(draft, place)
        return place

    def _judge_staff(self, draft: Draft, place: Conversation) -> None:
        draft.actor.needs(ANSWER)
        member = self.member(draft)
        if draft.side == Message.Side.STAFF and (member is None or place.assignee_id != member):
            raise NotYoursDenied(
                "This conversation is not yours to answer.",
                why="One member of the staff answers at a time: whoever has it.",
                do="Take it first.",
            )
        if draft.side == Message.Side.STAFF and draft.seen is not None:
            self._unseen(draft, place, member)

    def _unseen(self, draft: Draft, place: Conversation, member: UUID | None) -> None:
        """Refuse an answer that was written without knowing a colleague's."""
        if draft.seen is None or place.last_seq <= draft.seen:
            return
        newer = Message.objects.filter(
            conversation=place, seq__gt=draft.seen, side=Message.Side.STAFF, automatic=False
        ).exclude(author_id=member)
        found = list(newer.select_related("author"))
        if found:
            raise StaleDenied([_answered(place, message) for message in found], place.revision)

    def _hold(self, wanted: set[UUID]) -> None:
        while wanted:
            rows = Conversation.objects.select_for_update(of=("self",)).select_related("person")
            for found in rows.filter(pk__in=wanted).order_by("pk"):
                self._places[found.pk] = found
            merged = {one.merged_into_id for one in self._places.values() if one.merged_into_id}
            wanted = merged - self._places.keys()
        for key, place in list(self._places.items()):  # what was merged goes on in the other
            went = place
            while went.merged_into_id and went.merged_into_id in self._places:
                went = self._places[went.merged_into_id]
            self._places[key] = went

    def _repeats(self, drafts: Sequence[Draft]) -> dict[tuple[UUID, UUID], Message]:
        asked = {draft.conversation for draft in drafts}
        where = asked | {place.pk for place in self._places.values()}
        rows = Message.objects.filter(
            conversation__in=where, client_id__in={draft.client_id for draft in drafts}
        ).defer("words")
        found = {(row.conversation_id, row.client_id): row for row in rows}
        known: dict[tuple[UUID, UUID], Message] = {}
        for draft in drafts:
            place = self._places.get(draft.conversation)
            for key in (draft.conversation, place.pk if place else draft.conversation):
                if (message := found.get((key, draft.client_id))) is not None:
                    message.repeated = True
                    known[draft.conversation, draft.client_id] = message
        return known

    @staticmethod
    def _staff(drafts: Sequence[Draft]) -> dict[str, UUID]:
        refs = {draft.actor.ref for draft in drafts if draft.actor.kind == "staff"}
        return (
            dict(Membership.objects.filter(ref__in=refs).values_list("ref", "pk")) if refs else {}
        )


def _answered(place: Conversation, message: Message) -> Event:
    who = f"staff:{message.author.ref}" if message.author else "system:desk"
    return Event(conversation=place, actor=who, did="answered", happened_at=message.sent_at)
