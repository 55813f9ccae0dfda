"""Opening conversations: a chat, a mail, a call, a letter."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final
from uuid import UUID

from troth.channels.conversations import targets
from troth.channels.conversations.actions.changing import ANSWER, desk_of, member_of, queues
from troth.channels.conversations.actions.handing import hand_out
from troth.channels.conversations.actions.identifying import (
    PRE_CHAT,
    complete,
    identify,
    participant,
)
from troth.channels.conversations.actions.judging import Places
from troth.channels.conversations.actions.numbering import next_number
from troth.channels.conversations.actions.storing import Batch, content_of
from troth.channels.conversations.actions.writing import Draft, write_many
from troth.channels.conversations.models import Conversation, Desk, Message, Queue
from troth.channels.conversations.refusals import PreChatInvalid
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.asking import ask
from troth.core.errors import Invalid
from troth.core.gate.collecting import Collecting, collect
from troth.core.keyring.store import load_to_seal
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Person
from troth.core.people.records import Given

CHAT: Final = "chat.message"
OFFLINE: Final = "chat.offline"
DESK: Final = Actor.system("desk")
SECRET: Final = 32  # characters; of a browser's own making


@action
def open_chat(
    *,
    actor: Actor,
    text: str = "",
    client_id: UUID | None = None,
    given: Sequence[Given] = (),
    secret: str = "",
) -> tuple[Conversation, str]:
    """Open a chat by its first message, its pre-chat form (`given`), or both.

    Returns it and the secret its browser holds; only the secret's SHA-256 is stored. A browser may
    make the secret itself (at least 32 characters): opening again with it gives the same chat, so
    that a lost answer opens no second one. Raises `UseDenied` where the policy has no chat,
    `PreChatInvalid` where the desk asks for a form and it is not filled in.
    """
    if secret and len(secret) < SECRET:
        raise Invalid(f"A secret has at least {SECRET} characters.")
    secret = secret or secrets.token_urlsafe(32)
    digest = sha256(secret.encode()).digest()
    if (found := _opened(digest)) is not None:
        _first(found, actor, text, client_id)
        return found, secret
    if not text and not given:
        raise Invalid("A chat begins with a message or a form.", do="Write something.")
    if not given and asks_first():
        raise PreChatInvalid(
            "This chat begins with a short form.",
            why="The company asks whom it speaks with.",
            do="Fill it in, or write by mail.",
        )
    if given:
        complete(given)
    category = _words(CHAT)[1]
    with collect(actor=actor, touchpoint=CHAT, data=[category]) as point:
        person = point.person(())
        point.hold(person, (), also=[category])
        made = _make(point, person, way="chat", digest=digest)
        _begin(
            made,
            point,
            actor,
            [Draft(made.pk, actor, "person", text, _id(client_id))] if text else [],
        )
    if given:
        made = identify(made, actor=actor, given=given)
    return hand_out(made, actor=DESK), secret


@action
def open_ticket(
    *,
    actor: Actor,
    way: str,
    touchpoint: str,
    given: Sequence[Given],
    text: str,
    client_id: UUID,
    subject: str = "",
    queue: Queue | None = None,
    automatic: bool = False,
    formatted: bool = False,
    message_id: bytes | None = None,
    checked: dict[str, str] | None = None,
    attachments: Sequence[UUID] = (),
    sent_at: datetime | None = None,
    offline: bool = False,
) -> tuple[Conversation, Message]:
    """Open a ticket for whoever `given` names: by mail, by telephone, by letter.

    `given` holds name and address, and further words (`formatted`), not the text and subject. An
    address becomes a participant, who may write into it by mail from now on. The same `client_id`
    gives the same ticket. `offline`: it came on paper or by word of mouth, and is marked so.
    """
    digest = sha256(b"ticket|" + client_id.bytes).digest()
    if (found := _opened(digest)) is not None:
        message = Message.objects.get(conversation=found, client_id=client_id)
        message.repeated = True
        return found, message
    words = [item for item in given if item.category.startswith("user.content")]
    who = [item for item in given if item not in words]
    if subject:
        words.append(Given("subject", _words(touchpoint)[1], subject))
    content = _words(touchpoint)[1]
    data = sorted({*(item.category for item in who), content})
    with collect(actor=actor, touchpoint=touchpoint, data=data, offline=offline) as point:
        person = point.person(who)
        if person.pk not in point.made:
            load_to_seal(point.opening, [person.pk])
        made = _make(point, person, way=way, digest=digest, queue=queue)
        point.hold(person, who, record=made.pk, also=[content])
        draft = Draft(
            conversation=made.pk,
            actor=actor,
            side="person",
            text=text,
            client_id=client_id,
            given=words,
            automatic=automatic,
            formatted=formatted,
            message_id=message_id,
            checked=checked or {},
            attachments=attachments,
            sent_at=sent_at,
        )
        (message,) = _begin(made, point, actor, [draft])
        participant(made, person, who)
    return hand_out(made, actor=DESK), message


def open_by_hand(
    *,
    actor: Actor,
    way: str,
    given: Sequence[Given],
    text: str,
    client_id: UUID,
    subject: str = "",
    touchpoint: str = "",
) -> Conversation:
    """Enter a phone call or a letter, and have it. A letter comes in as mail does, unless
    `touchpoint` says otherwise.
    """
    actor.needs(ANSWER)
    where = touchpoint or ("tickets.call" if way == "call" else "tickets.mail")
    made, _ = _enter(actor, way, where, given, text, client_id, subject)
    return made


@action
def _enter(
    actor: Actor,
    way: str,
    touchpoint: str,
    given: Sequence[Given],
    text: str,
    client_id: UUID,
    subject: str,
) -> tuple[Conversation, Message]:
    made, message = open_ticket(
        actor=actor,
        way=way,
        touchpoint=touchpoint,
        given=given,
        text=text,
        client_id=client_id,
        subject=subject,
        offline=True,
    )
    made.assignee = member_of(actor)
    made.save(update_fields=["assignee"])
    return made, message


@action
def take_offline(*, actor: Actor, given: Sequence[Given], client_id: UUID) -> Conversation:
    """Take the form for when nobody is there (`chat.offline`), words included: it becomes a ticket,
    once for each `client_id`.
    """
    name, category = _words(OFFLINE)
    text = next((item.text for item in given if item.name == name), "")
    who = [item for item in given if item.category != category]
    return open_ticket(
        actor=actor,
        way="mail",
        touchpoint=OFFLINE,
        given=who,
        text=text,
        client_id=client_id,
    )[0]


def asks_first() -> bool:
    """Whether a chat here begins with the form: the policy has one, and the desk wants it."""
    return PRE_CHAT in current().rules.touchpoints and desk_of().pre_chat == Desk.PreChat.REQUIRED


def _opened(digest: bytes) -> Conversation | None:
    """What an earlier sending of the same has opened."""
    found = ask(Conversation, "id", visitor_digest=digest)
    return None if found is None else Conversation.objects.get(pk=found)


def _first(chat: Conversation, actor: Actor, text: str, client_id: UUID | None) -> None:
    if text:
        write_many([Draft(chat.pk, actor, "person", text, _id(client_id))])


def _id(client_id: UUID | None) -> UUID:
    if client_id is None:
        raise Invalid("A first message has an id of its sender's.")
    return client_id


def _words(touchpoint: str) -> tuple[str, str]:
    return content_of(current().rules.touchpoints.get(touchpoint))


def _make(
    point: Collecting, person: Person, *, way: str, digest: bytes, queue: Queue | None = None
) -> Conversation:
    """A conversation that is not stored yet, its clocks started."""
    now, desk = clock.now(), desk_of()
    found = queue or next((one for one in queues().values() if way in one.takes), None)
    made = Conversation(
        organisation_id=current_organisation_id(),
        number=next_number(desk),
        person=person,
        way=way,
        touchpoint=point.touchpoint.key,
        clause=point.touchpoint.clause,
        version=point.published.version,
        queue=found,
        visitor_digest=digest,
        opened_at=now,
        changed_at=now,
    )
    targets.begin(made, found, targets.hours_of(desk), now)
    return made


def _begin(
    made: Conversation, point: Collecting, actor: Actor, drafts: Sequence[Draft]
) -> list[Message]:
    """Store it, with what begins it."""
    batch = Batch(Places(drafts, made))
    messages = [batch.add(draft, made) for draft in drafts]
    batch.begin(made, point, actor=actor)
    return messages
