"""Storing what was judged: few statements, however many messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from html import unescape
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import nh3

from troth.channels.conversations import acts, targets
from troth.channels.conversations.actions.handing import hand_out
from troth.channels.conversations.actions.judging import Places
from troth.channels.conversations.masking import mask
from troth.channels.conversations.models import Attachment, Conversation, Event, Message
from troth.core.actors import Actor
from troth.core.changing import change_each
from troth.core.gate.collecting import Collecting, collect
from troth.core.ids import row_id
from troth.core.inserting import insert
from troth.core.ledger.api import Draft as Entry, record_many
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Person
from troth.core.people.records import Given
from troth.kit.live import bus
from troth.policy import Touchpoint

if TYPE_CHECKING:
    from troth.channels.conversations.actions.writing import Draft

DESK: Final = Actor.system("desk")
FORMATTED: Final = "formatted"  # the element of a mail's cleaned HTML
CONTENT: Final = "user.content.private"
CONTACT: Final = timedelta(minutes=1)  # how exactly the last contact is kept
CHANGED: Final = (
    *("state", "revision", "last_seq", "changed_at", "person_last_at", "staff_last_at"),
    *("first_answer_at", "first_answer_due_at", "next_answer_due_at", "solve_due_at"),
    *("paused_at", "solved_at"),
)
Rows = list[tuple[Message, tuple[Given, ...]]]
Hear = Callable[[Sequence[tuple[Conversation, Message]]], None]
_on_written: Final[list[Hear]] = []


def on_written(hear: Hear) -> None:
    """Have `hear` called with the new messages and their conversations, in the transaction."""
    if hear not in _on_written:  # `ready()` may run again
        _on_written.append(hear)


class Batch:
    """Messages that are stored together."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._new: dict[tuple[UUID, UUID], Message] = {}
        self._where: dict[UUID, Conversation] = {}
        self._groups: dict[str, Rows] = defaultdict(list)
        self._entries: list[Entry] = []
        self._events: list[Event] = []
        self._files: list[tuple[Message, Sequence[UUID]]] = []
        self._actor: dict[str, Any] = {}

    def written(self, draft: Draft) -> Message | None:
        """What an earlier draft of the same set has made."""
        return self._new.get((draft.conversation, draft.client_id))

    def add(self, draft: Draft, place: Conversation) -> Message:
        masked = mask(draft.text)
        kinds = list(masked.kinds)
        given = _given(draft.given, kinds)
        place.last_seq += 1
        owner = draft.person or place.person_id
        theirs = draft.side == Message.Side.PERSON
        message = Message(
            id=row_id(),
            organisation_id=place.organisation_id,
            conversation_id=place.pk,
            person_id=owner,
            seq=place.last_seq,
            client_id=draft.client_id,
            side=draft.side,
            author_id=self.places.member(draft),
            words=masked.text if not theirs and masked.text else None,
            said=draft.said,
            masked=kinds,
            automatic=draft.automatic,
            message_id=draft.message_id,
            checked=draft.checked,
            formatted=draft.formatted and any(item.name == FORMATTED for item in given),
            sent_at=draft.sent_at or self.places.now,
        )
        message.text = masked.text
        self._new[draft.conversation, draft.client_id] = message
        self._where[message.pk] = place
        where = draft.touchpoint or place.touchpoint
        self._actor.setdefault(where, draft.actor)
        if theirs and masked.text:
            given = (*given, Given("", CONTENT, masked.text))
        self._groups[where].append((message, given))
        if draft.attachments:
            self._files.append((message, draft.attachments))
        self._turn(draft, place)
        self._enter(draft, place)
        return message

    def begin(self, place: Conversation, point: Collecting, *, actor: Actor) -> None:
        """Store a new conversation with its first messages, which came in at an open touchpoint."""
        opened = Entry(
            act=acts.OPENED,
            actor=actor,
            subject=place.person.ref,
            clause=place.clause,
            version=place.version,
            detail={"way": place.way},
        )
        insert([place])
        for rows in self._groups.values():
            self._seal(point, rows, permitted=True)
        self._join_files()
        record_many(place.organisation_id, [opened, *self._entries])
        pairs = [(place, message) for message in self._new.values()]
        for hear in _on_written:
            hear(pairs)
        news = {"kind": "opened", "conversation": str(place.pk)}
        bus.publish_many([(f"desk:{place.organisation_id}", news), *_news(pairs)])

    def store(self) -> None:
        if not self._new:
            return
        for where, rows in self._groups.items():
            with self._collecting(where, rows) as point:
                self._seal(point, rows)
        touched = list({place.pk: place for place in self._where.values()}.values())
        change_each(
            Conversation,
            CHANGED,
            [(one.pk, *(getattr(one, name) for name in CHANGED)) for one in touched],
        )
        insert(self._events)
        self._join_files()
        roots = {place.person.root_id for place in touched}
        late = self.places.now - CONTACT
        Person.objects.filter(pk__in=roots, last_contact_at__lt=late).update(
            last_contact_at=self.places.now
        )
        record_many(current_organisation_id(), self._entries)
        pairs = [(self._where[message.pk], message) for message in self._new.values()]
        for hear in _on_written:
            hear(pairs)
        bus.publish_many(_news(pairs))
        for place, message in pairs:
            if message.seq == 1:  # it was opened by its form: now somebody may be given it
                hand_out(place, actor=DESK)

    def _join_files(self) -> None:
        for message, files in self._files:
            Attachment.objects.filter(
                pk__in=files, message=None, person_id=message.person_id
            ).update(message=message)

    def _collecting(self, where: str, rows: Rows) -> AbstractContextManager[Collecting]:
        category = content_of(current().rules.touchpoints.get(where))[1]
        data = {category, *(item.category for _, given in rows for item in given)}
        return collect(actor=self._actor[where], touchpoint=where, data=sorted(data))

    @staticmethod
    def _seal(point: Collecting, rows: Rows, *, permitted: bool = False) -> None:
        """Seal what was written: the person's as their elements, the staff's in the message."""
        name, category = content_of(point.touchpoint)
        items = [
            (message.person_id, tuple(_named(item, name, category) for item in given), message.pk)
            for message, given in rows
        ]
        point.hold_many(items, () if permitted else (category,))
        insert([message for message, _ in rows])

    def _turn(self, draft: Draft, place: Conversation) -> None:
        """What the message makes of its conversation."""
        now = self.places.now
        if draft.side not in ("person", "staff") or draft.automatic:
            return
        place.changed_at = now
        if draft.side == "staff":
            place.staff_last_at = now
            targets.answered(place, now)
            if place.state == Conversation.State.OPEN:
                self._set(draft, place, Conversation.State.WAITING)
            return
        place.person_last_at = now
        if place.state != Conversation.State.OPEN and draft.reopens:
            self._set(draft, place, Conversation.State.OPEN)
        if minutes := targets.next_answer(place, self.places.queue(place)):
            place.next_answer_due_at = self.places.hours.after(now, minutes)

    def _set(self, draft: Draft, place: Conversation, state: str) -> None:
        before = place.state
        targets.turn(place, state, self.places.hours, self.places.now)
        if before != Conversation.State.SOLVED:
            return
        place.solved_at = None
        place.revision += 1
        self._events.append(
            Event(
                organisation_id=place.organisation_id,
                conversation_id=place.pk,
                actor=f"{draft.actor.kind}:{draft.actor.ref}",
                did="reopened",
                detail={"revision": place.revision},
                happened_at=self.places.now,
            )
        )

    def _enter(self, draft: Draft, place: Conversation) -> None:
        self._entries.append(
            Entry(
                act=acts.wrote(draft.side),
                actor=draft.actor,
                subject=place.person.ref,
                clause=place.clause,
                version=place.version,
                data=[CONTENT] if draft.text else [],
            )
        )


def content_of(touchpoint: Touchpoint | None) -> tuple[str, str]:
    """The element that holds what is written at a touchpoint: its name and category."""
    for field in touchpoint.fields if touchpoint else ():
        if field.category.startswith("user.content"):
            return field.key, field.category
    return "message", CONTENT


def _named(item: Given, name: str, category: str) -> Given:
    """The words themselves have no name before it is known where they came in."""
    return item if item.name else Given(name, category, item.text)


def _given(items: Sequence[Given], kinds: list[str]) -> tuple[Given, ...]:
    """What came with a text, masked. A copy with markup, in which a number may be broken up by
    tags, is not kept where there was anything to mask in either.
    """
    copies = [item for item in items if item.name == FORMATTED]
    for copy in copies:
        shown = unescape(nh3.clean(copy.text, tags=set()))
        kinds += [kind for kind in mask(shown).kinds if kind not in kinds]
    found = [_masked(item, kinds) for item in items if item.name != FORMATTED]
    return (*found, *(() if kinds else copies))


def _masked(item: Given, kinds: list[str]) -> Given:
    if not item.category.startswith("user.content"):
        return item
    found = mask(item.text)
    kinds += [kind for kind in found.kinds if kind not in kinds]
    return Given(item.name, item.category, found.text)


def _news(pairs: Sequence[tuple[Conversation, Message]]) -> list[tuple[str, dict[str, Any]]]:
    """A line for those who look at a conversation for each message; one for the desk."""
    told: list[tuple[str, dict[str, Any]]] = []
    newest: dict[UUID, dict[str, Any]] = {}
    for place, message in pairs:
        news = {
            "kind": "message",
            "conversation": str(place.pk),
            "seq": message.seq,
            "side": message.side,
            "assignee": str(place.assignee_id or ""),
        }
        told.append((f"conversation:{place.pk}", news))
        newest[place.pk] = news
    owner = current_organisation_id()
    return told + [(f"desk:{owner}", news) for news in newest.values()]
