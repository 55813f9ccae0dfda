"""Asking by mail how it went, where a conversation is answered by mail.

The link in the mail opens a page on which one of five choices is sent; opening it changes nothing,
so that whatever looks into mails and follows their links answers for nobody.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.urls import reverse

from troth.channels.conversations import queries
from troth.channels.conversations.actions.coming_back import asked_by
from troth.channels.conversations.mailing.finding import EMAIL
from troth.channels.conversations.models import Conversation, Participant
from troth.core.actors import Actor
from troth.core.gate.audiences import audience
from troth.core.people.models import Element
from troth.kit import links
from troth.kit.outbox.api import Message, register_mail, send

KIND: Final = "conversations.rating"
LIFE: Final = timedelta(days=30)


def ask(conversation: Conversation, *, actor: Actor) -> bool:
    """Queue the question, in the transaction that asks; False where no address is known or the
    person does not permit it.
    """
    address = _address(conversation)
    if address is None:
        return False
    person, purpose = conversation.person, queries.purpose_of(conversation)
    permitted = audience(purpose=purpose, data=[EMAIL]).filter(person_id=person.root_id)
    if not permitted.exists():
        return False
    send(person, kind=KIND, purpose=purpose, actor=actor, record=conversation.pk, to=address)
    return True


def _address(conversation: Conversation) -> Element | None:
    """The address that the answers went to, as the person gave it."""
    own = Participant.objects.filter(conversation=conversation, copied=False).first()
    if own is None:
        return None
    held = Element.objects.filter(
        person__root_id=conversation.person.root_id,
        category=EMAIL,
        index=own.address_index,
        locked_at=None,
    )
    return held.order_by("-collected_at", "-id").first()


def context(message: Message) -> dict[str, Any]:
    """Number and link; nothing of what was said."""
    conversation = Conversation.objects.get(pk=message.about)
    token = links.sign(KIND, conversation.ref)
    return {
        "number": conversation.number,
        "link": links.absolute(reverse("conversations:rate", args=[token])),
        "days": LIFE.days,
    }


def register() -> None:
    register_mail(kind=KIND, template="conversations/mail/rating.md", context=context)
    asked_by(ask)
