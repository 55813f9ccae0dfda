"""Mail that is held: it names a conversation, and nothing shows that it belongs there.

Somebody who has the conversation looks, and lets it join, makes it a conversation of its own, or
destroys it. Until then it is sealed under a key of its own and is nobody's message.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import transaction

from troth.channels.conversations import reading
from troth.channels.conversations.actions import add_participant
from troth.channels.conversations.mailing import acts, incoming, raw
from troth.channels.conversations.models import Conversation, Held
from troth.core.actions import action
from troth.core.actors import Actor
from troth.kit.inbound.checking import Checked
from troth.kit.inbound.letter import Letter, read


@dataclass(frozen=True, slots=True)
class Looked:
    """What whoever decides about a mail sees of it."""

    sender: str
    sender_name: str
    subject: str
    text: str
    files: tuple[str, ...]
    checked: dict[str, str]


def look(held: Held, *, actor: Actor) -> Looked:
    """The mail, for whoever may read the conversation it names. On the ledger."""
    reading.require(held.conversation, actor=actor)
    letter = _letter(held, actor)
    with transaction.atomic():
        acts.handled("looked", actor=actor)
    return Looked(
        letter.sender,
        letter.sender_name,
        letter.subject,
        letter.text,
        tuple(file.name for file in letter.files),
        held.checked,
    )


@action
def accept(held: Held, *, actor: Actor) -> None:
    """Let it join; its sender takes part in the conversation from now on."""
    reading.require(held.conversation, actor=actor)
    mail = _mail(held, actor)
    joined = add_participant(held.conversation, actor=actor, address=mail.letter.sender)
    conversation = held.conversation
    raw.destroy(held.raw)  # first: what is kept is taken for known
    incoming.join(conversation, mail, person=joined.person_id)
    acts.handled("accepted", actor=actor)


@action
def separate(held: Held, *, actor: Actor) -> Conversation:
    """Make it a conversation of its own, of whoever sent it."""
    reading.require(held.conversation, actor=actor)
    mail = _mail(held, actor)
    files = incoming.files_of(mail.letter)
    raw.destroy(held.raw)
    found = incoming.opened(mail, files, None)
    acts.handled("separated", actor=actor)
    return found


@action
def refuse(held: Held, *, actor: Actor) -> None:
    """Destroy it. Nobody is told."""
    reading.require(held.conversation, actor=actor)
    raw.destroy(held.raw)
    acts.handled("refused", actor=actor)


def _mail(held: Held, actor: Actor) -> incoming.Incoming:
    """The mail as it was when it came, with what was found out about it then."""
    found = incoming.again(raw.read(held.raw, actor=actor))
    return replace(found, checked=Checked(**held.checked))


def _letter(held: Held, actor: Actor) -> Letter:
    return read(raw.read(held.raw, actor=actor))
