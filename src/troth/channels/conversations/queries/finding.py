"""Finding one conversation."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Final

from django.db.models import QuerySet

from troth.channels.conversations.models import Conversation, Participant
from troth.channels.conversations.queries.permitted import purpose_of
from troth.channels.conversations.refusals import ConversationMissing
from troth.core.actors import Actor
from troth.core.gate import uses

NOBODY: Final = bytes(32)
EMAIL: Final = "user.contact.email"


def by_ref(ref: str) -> Conversation:
    """Raises `ConversationMissing`."""
    found = _all().filter(ref=ref).first()
    if found is None:
        raise ConversationMissing("There is no such conversation.")
    return found


def by_number(number: int) -> Conversation | None:
    return _all().filter(number=number).first()


def chat_of(ref: str, secret: str) -> Conversation:
    """The chat whose browser holds `secret`, compared in constant time. Raises
    `ConversationMissing`, which tells nobody whether there is such a chat.
    """
    found = _all().filter(ref=ref, way=Conversation.Way.CHAT).first()
    theirs = bytes(found.visitor_digest) if found and found.visitor_digest else NOBODY
    same = secrets.compare_digest(theirs, sha256(secret.encode()).digest())
    if found is None or not same:
        raise ConversationMissing("There is no such chat.", do="Begin another one.")
    return found


def joins(conversation: Conversation, address: str) -> bool:
    """Whether a mail from this address may join it: it is a participant's."""
    actor, purpose = Actor.system("mail"), purpose_of(conversation)
    with uses.search(actor=actor, purpose=purpose, category=EMAIL):
        return Participant.objects.filter(conversation=conversation, address=address).exists()


def _all() -> QuerySet[Conversation]:
    return Conversation.objects.select_related("person", "queue", "assignee", "person__root")
