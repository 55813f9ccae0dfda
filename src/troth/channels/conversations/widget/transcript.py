"""A copy of a chat by mail: to the address the visitor gave in this chat, and to no other."""

from __future__ import annotations

from typing import Any, Final

from troth.channels.conversations import queries, reading
from troth.channels.conversations.models import Conversation, Message as Written
from troth.channels.conversations.widget import acts
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.people.models import Element
from troth.kit.outbox.api import Message, register_mail, send
from troth.kit.throttle.counting import throttle

KIND: Final = "conversations.transcript"
ADDRESS: Final = "user.contact.email"
A_DAY: Final = 3
WORKER: Final = Actor.system("worker")


class AddressMissing(Denied):
    """Nobody gave an address in this chat, so there is none to write to."""

    status = 409


class CopyDenied(Denied):
    """No copy goes out: nobody has answered yet, or it did."""

    status = 409


def address_of(conversation: Conversation) -> Element | None:
    """The address that was given in this chat, sealed; what is known otherwise is not used: that
    somebody typed a name proves nothing.
    """
    return (
        Element.objects.filter(record=conversation.pk, category=ADDRESS, locked_at=None)
        .order_by("-collected_at", "-id")
        .first()
    )


def may_be_sent(conversation: Conversation) -> bool:
    """Whether there is an address, somebody of the staff has answered, and no copy was sent yet:
    else anybody could have mail sent to anybody.
    """
    answered = conversation.first_answer_at is not None
    return answered and not _was_sent(conversation) and address_of(conversation) is not None


def _was_sent(conversation: Conversation) -> bool:
    return Message.objects.filter(kind=KIND, record=conversation.pk).exists()


@action
def send_copy(conversation: Conversation, *, actor: Actor) -> None:
    """Queue the copy, once a chat. Raises `AddressMissing`, `CopyDenied`, `ThrottleDenied`."""
    address = address_of(conversation)
    if address is None:
        raise AddressMissing(
            "There is no address to send this to.",
            why="A copy goes to the address that was given in this chat, and none was.",
            do="Leave your address in the form of this chat first.",
        )
    if not may_be_sent(conversation):
        raise CopyDenied(
            "A copy cannot be sent now.",
            why="It is sent once, and after somebody has answered.",
        )
    # Whose address it is nobody has checked: it gets a few of these a day, from all chats.
    throttle("chat.copy-to", bytes(address.index or b"").hex(), limit=A_DAY, seconds=86400)
    person, purpose = address.person, queries.purpose_of(conversation)
    send(person, kind=KIND, purpose=purpose, actor=actor, record=conversation.pk, to=address)
    record(
        act=acts.COPY_ASKED,
        organisation=conversation.organisation_id,
        actor=actor,
        subject=person.ref,
        purpose=purpose,
        clause=address.clause,
        version=current().version,
    )


def context(message: Message) -> dict[str, Any]:
    """What was said, in order, when the mail is made. Secure answers are in no message."""
    conversation = Conversation.objects.get(pk=message.about)
    read = reading.visitor_messages(conversation, actor=WORKER)
    side = {Written.Side.PERSON: "You", Written.Side.STAFF: current().policy.company.name}
    return {
        "number": conversation.number,
        "company": current().policy.company,
        "lines": [
            {"who": side[Written.Side(one.side)], "at": f"{one.sent_at:%H:%M}", "text": one.text}
            for one in read
            if one.side in side
        ],
        "day": f"{conversation.opened_at:%-d %B %Y}",
    }


def register() -> None:
    register_mail(kind=KIND, template="conversations/mail/transcript.md", context=context)
