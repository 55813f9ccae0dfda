"""Reading: the one way to the words of a conversation.

They open for whoever it is assigned to, and under a grant with a ground (`core.staff.grants`); for
the visitor of a chat, who holds its secret, their own conversation alone. Any other try is refused,
and on the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from troth.channels.conversations import acts
from troth.channels.conversations.models import (
    Attachment,
    Conversation,
    Message,
    Participant,
    SecureForm,
)
from troth.channels.conversations.queries.permitted import content_of, purpose_of
from troth.channels.conversations.refusals import ReadingDenied
from troth.core.actors import Actor
from troth.core.errors import Denied
from troth.core.gate import uses
from troth.core.gate.denials import Attempt, record_denial, refuse
from troth.core.gate.deposits import deposit
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.sealing.sealed import Sealed
from troth.core.staff import grants
from troth.core.staff.models import Membership
from troth.kit.throttle.counting import ThrottleDenied, throttle

ABILITY: Final = "inbox.read"
EMAIL: Final = "user.contact.email"
HOUR: Final = 60 * 60


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file of a message, as it may be shown."""

    ref: str
    name: str
    content_type: str
    size: int
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Read:
    """One message in clear. `withheld` says that its words do not open here: they are kept for
    something else, or their key is gone.
    """

    id: UUID
    seq: int
    client_id: UUID
    side: str
    author: str  # a member's reference, or ""
    text: str
    subject: str
    html: str  # of a mail that came formatted: the cleaned HTML
    said: str
    masked: tuple[str, ...]
    automatic: bool
    formatted: bool
    delivery: str
    delivery_status: str
    checked: Mapping[str, Any]
    sent_at: datetime
    seen_at: datetime | None
    conversation: UUID
    person: UUID
    withheld: bool = False
    attachments: tuple[ReadFile, ...] = ()
    elements: Mapping[str, str] = field(default_factory=dict)


def may_read(conversation: Conversation, *, actor: Actor) -> bool:
    """Whether bodies open for this member: assigned, or a grant. Asks and records nothing."""
    if actor.kind == "system":
        return True
    if actor.kind != "staff" or ABILITY not in actor.abilities:
        return False
    if conversation.assignee_id is not None:
        mine = Membership.objects.filter(pk=conversation.assignee_id, ref=actor.ref)
        if mine.exists():
            return True
    return grants.in_force([conversation.pk]).filter(member__ref=actor.ref).exists()


def require(conversation: Conversation, *, actor: Actor) -> None:
    """Raise `ReadingDenied`, which is on the ledger, where bodies do not open for this member."""
    if may_read(conversation, actor=actor):
        return
    raise refusal(
        conversation,
        actor=actor,
        what="What is said in this conversation is not open to you.",
        why="It opens for whoever has it, and under a grant with a ground.",
        do="Take it, or ask somebody who gives grants.",
    )


def refusal(
    conversation: Conversation, *, actor: Actor, what: str, why: str, do: str
) -> ReadingDenied:
    """What is raised where somebody tries to come at words that are not open to them; it is on the
    ledger at once, or when the action around it has ended.
    """
    attempt = Attempt(
        actor,
        "use",
        purpose_of(conversation),
        tuple(_data(conversation)),
        conversation.person.ref,
        version=current().version,
        reason="not-assigned",
    )
    denied = ReadingDenied(what, why=why, do=do, clause=conversation.clause, attempt=attempt)
    refuse(denied)
    return denied


def looked(conversation: Conversation, *, actor: Actor) -> None:
    """Note that a member opened what a colleague has, though they saw it sealed: on the ledger, at
    most once an hour for each member and conversation.
    """
    if conversation.assignee_id is None or may_read(conversation, actor=actor):
        return
    try:
        throttle("conversations.looked", f"{actor.ref} {conversation.pk}", limit=1, seconds=HOUR)
    except ThrottleDenied:
        return
    denied = refusal(
        conversation, actor=actor, what="A colleague has this conversation.", why="", do=""
    )
    record_denial(denied)


def messages(
    conversation: Conversation,
    *,
    actor: Actor,
    purpose: str = "",
    after: int = 0,
    most: int | None = None,
) -> list[Read]:
    """The messages in order, notes too, for staff; on the ledger as a use. What was merged into it
    comes along. `after` gives those of a higher `seq`, `most` the
    first so many of its own. Raises `ReadingDenied`, `UseDenied`.
    """
    require(conversation, actor=actor)
    rows = Message.objects.filter(
        Q(conversation=conversation, seq__gt=after)
        | (Q(conversation__in=_merged(conversation)) if not after else Q(pk__in=()))
    )
    rows = rows.select_related("author").order_by("sent_at", "seq")
    if most is not None:
        rows = rows.filter(conversation=conversation).order_by("seq")[:most]
    with opened(conversation, actor=actor, purpose=purpose):
        return _read(rows)


def shown_to_visitor(conversation: Conversation) -> QuerySet[Message]:
    """What was said in the chat itself: no notes, nothing of others, and nothing that came or went
    by mail. Whoever holds the chat's secret may have typed somebody else's address into it; that
    proves nothing, and what that address writes or is written is not theirs to see.
    """
    elsewhere = Element.objects.filter(record=OuterRef("pk")).exclude(
        touchpoint__startswith="chat."
    )
    if conversation.way != Conversation.Way.CHAT:
        return Message.objects.none()
    return (
        Message.objects.filter(conversation=conversation, person_id=conversation.person_id)
        .filter(message_id=None, outgoing=None)
        .exclude(side=Message.Side.NOTE)
        .exclude(Exists(elsewhere))
    )


def visitor_messages(
    conversation: Conversation, *, actor: Actor, after: int = 0, most: int | None = None
) -> list[Read]:
    """What the visitor sees of their own chat (`shown_to_visitor`), the first `most` after `after`.
    The caller has compared the secret (`queries.chat_of`).
    """
    rows = shown_to_visitor(conversation).filter(seq__gt=after)
    purpose = purpose_of(conversation)
    with uses.use(
        actor=actor, purpose=purpose, person=conversation.person, data=_data(conversation)
    ):
        return _read(rows.select_related("author").order_by("seq")[:most])


def participant_messages(
    conversation: Conversation, recipient: Person, *, actor: Actor
) -> list[Read]:
    """What somebody who takes part has written or been written: their own words, and what staff
    answered everybody by mail. No notes, and nothing that others wrote.
    """
    own = Q(side=Message.Side.PERSON, person__root_id=recipient.root_id)
    rows = Message.objects.filter(
        own | Q(side=Message.Side.STAFF, outgoing__isnull=False), conversation=conversation
    )
    purpose, data = purpose_of(conversation), _data(conversation)
    whose = {one.root_id: one for one in (conversation.person, recipient)}
    with ExitStack() as stack:
        for person in whose.values():
            opening = uses.use(actor=actor, purpose=purpose, person=person, data=data)
            stack.enter_context(opening)
        return _read(rows.select_related("author").order_by("seq"))


@contextmanager
def opened(conversation: Conversation, *, actor: Actor, purpose: str = "") -> Iterator[None]:
    """Open the words of a conversation, everybody's who takes part. Raises `ReadingDenied`.

    For the parts of this channel that hand on what is stored here (files, transcripts).
    """
    require(conversation, actor=actor)
    key = purpose or purpose_of(conversation)
    places = [conversation.pk, *_merged(conversation)]
    people = Person.objects.filter(conversation_messages__conversation__in=places).distinct()
    roots = {person.root_id: person for person in [conversation.person, *people]}
    with ExitStack() as stack:
        for person in roots.values():
            data = _data(conversation)
            stack.enter_context(uses.use(actor=actor, purpose=key, person=person, data=data))
        yield


def subjects(conversations: Sequence[Conversation], *, actor: Actor) -> dict[UUID, str]:
    """The subjects of those among them that are the member's own, by the conversation's id."""
    me = Membership.objects.filter(ref=actor.ref).values_list("pk", flat=True).first()
    mine = [one for one in conversations if me is not None and one.assignee_id == me]
    groups: dict[tuple[str, str], list[Conversation]] = defaultdict(list)
    rules = current().rules
    for one in mine:
        groups[purpose_of(one, rules), content_of(one, rules)].append(one)
    found: dict[UUID, str] = {}
    for (purpose, category), rows in groups.items():
        found |= _subjects(rows, actor, purpose, category)
    return found


def _subjects(
    rows: Sequence[Conversation], actor: Actor, purpose: str, category: str
) -> dict[UUID, str]:
    wanted = {one.person_id for one in rows}
    first = Message.objects.filter(
        conversation__in=[one.pk for one in rows], seq=1, person_id__in=wanted
    )
    places = dict(first.values_list("pk", "conversation_id"))
    if not places:
        return {}
    with uses.use_audience(actor=actor, purpose=purpose, data=[category], among=wanted):
        elements = Element.objects.filter(record__in=places, name="subject")
        read = [(places[one.record], one.value) for one in elements if one.record]
    return {key: value for key, value in read if isinstance(value, str)}


def secure_answers(form: SecureForm, *, actor: Actor) -> dict[str, str]:
    """What was answered, while the chat lasts; {} when it is gone or nobody has answered yet."""
    conversation = form.conversation
    require(conversation, actor=actor)
    if form.gone_at is not None or form.answered_at is None:
        return {}
    with deposit(row=form.pk, actor=actor, touchpoint=conversation.touchpoint):
        answers: dict[str, str] = form.answers or {}
    _note(acts.SECURE, conversation, actor)
    return answers


@dataclass(frozen=True, slots=True)
class Other:
    """Another conversation of the same person: that it is there, and how far."""

    ref: str
    number: int
    way: str
    state: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """What the purpose permits to show of the person: `(label, value)`, and their other matters.
    `claimed`: they typed who they are into a chat, and nothing has shown that it is so.
    """

    lines: tuple[tuple[str, str], ...]
    anonymous: bool
    claimed: bool
    earlier: tuple[Other, ...]
    person_ref: str


def card(conversation: Conversation, *, actor: Actor, purpose: str = "") -> Card:
    """The visitor card. Same conditions as `messages`."""
    require(conversation, actor=actor)
    person = conversation.person.root
    mine = Conversation.objects.filter(person__root_id=person.pk).exclude(pk=conversation.pk)
    others = tuple(
        Other(one.ref, one.number, one.way, one.state, one.opened_at)
        for one in mine.order_by("-opened_at")[:20]
    )
    lines: dict[str, str] = {}
    labels = current().policy.elements
    key = purpose or purpose_of(conversation)
    with uses.use(actor=actor, purpose=key, person=person):
        held = Element.objects.filter(person__root_id=person.pk)
        held = held.exclude(category__startswith="user.content")
        for element in held.order_by("-collected_at", "-id"):
            known = labels.get(element.name)
            label = known.label if known and known.label else element.name
            if label not in lines and isinstance(value := element.value, str):
                lines[label] = value
    anonymous = person.state == Person.State.ANONYMOUS
    claimed = not anonymous and only_claimed(conversation)
    return Card(tuple(lines.items()), anonymous, claimed, others, person.ref)


def copied_to(conversation: Conversation, *, actor: Actor) -> tuple[str, ...]:
    """The addresses that get copies of it, each opened as a use of whose it is; "" for one that
    does not open. Same conditions as `messages`.
    """
    require(conversation, actor=actor)
    purpose, found = purpose_of(conversation), list[str]()
    rows = Participant.objects.filter(conversation=conversation, copied=True)
    for row in rows.select_related("person__root").order_by("added_at", "id"):
        try:
            with uses.use(actor=actor, purpose=purpose, person=row.person, data=[EMAIL]):
                again = Participant.objects.get(pk=row.pk)
                found.append(again.address if isinstance(again.address, str) else "")
        except Denied:
            found.append("")
    return tuple(found)


def only_claimed(conversation: Conversation) -> bool:
    """Whether a chat is somebody's because their address was typed into it, and for no other
    reason. A mail from the address, or a log-in, would be one.
    """
    if conversation.way != Conversation.Way.CHAT:
        return False
    typed = Element.objects.filter(record=conversation.pk, touchpoint="chat.pre-chat")
    return typed.exists() and not typed.filter(verified_at__isnull=False).exists()


def _data(conversation: Conversation) -> list[str]:
    return [content_of(conversation)]


def _merged(conversation: Conversation) -> list[UUID]:
    """All that was merged into it, also by way of another."""
    found, wave = list[UUID](), [conversation.pk]
    while wave:
        wave = list(
            Conversation.objects.filter(merged_into_id__in=wave).values_list("pk", flat=True)
        )
        found += wave
    return found


def _read(rows: Any) -> list[Read]:
    found: list[Message] = list(rows)
    elements: dict[UUID, dict[str, Any]] = defaultdict(dict)
    for element in Element.objects.filter(record__in=[row.pk for row in found]).order_by("id"):
        if element.record is not None:
            elements[element.record][element.name] = element.value
    files: dict[UUID, list[ReadFile]] = defaultdict(list)
    for one in Attachment.objects.filter(message__in=[row.pk for row in found]):
        name = "" if isinstance(one.name, Sealed) else one.name
        if one.message_id is not None:
            files[one.message_id].append(
                ReadFile(one.ref, name, one.content_type, one.size, one.state, one.reason)
            )
    return [_one(row, elements[row.pk], tuple(files[row.pk])) for row in found]


def _one(row: Message, held: dict[str, Any], files: tuple[ReadFile, ...]) -> Read:
    clear = {name: value for name, value in held.items() if isinstance(value, str)}
    text = next((clear[name] for name in clear if name not in ("subject", "formatted")), "")
    words = row.words
    closed = len(clear) < len(held) or isinstance(words, Sealed)
    return Read(
        id=row.pk,
        seq=row.seq,
        client_id=row.client_id,
        side=row.side,
        author=row.author.ref if row.author else "",
        text=words if isinstance(words, str) else text,
        subject=clear.get("subject", ""),
        html=clear.get("formatted", ""),
        said=row.said,
        masked=tuple(row.masked),
        automatic=row.automatic,
        formatted=row.formatted,
        delivery=row.delivery,
        delivery_status=row.delivery_status,
        checked=row.checked,
        sent_at=row.sent_at,
        seen_at=row.seen_at,
        conversation=row.conversation_id,
        person=row.person_id,
        withheld=closed,
        attachments=files,
        elements=clear,
    )


def _note(act: str, conversation: Conversation, actor: Actor) -> None:
    with transaction.atomic():
        record(
            act=act,
            organisation=conversation.organisation_id,
            actor=actor,
            subject=conversation.person.ref,
            clause=conversation.clause,
            version=current().version,
            detail={"did": "read"},
        )
