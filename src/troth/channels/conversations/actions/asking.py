"""Asking to be let read a conversation that somebody else has."""

from __future__ import annotations

from troth.channels.conversations.actions.changing import changed, held
from troth.channels.conversations.models import Conversation
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.staff import grants

ASKED = "asked-to-read"
READ = "inbox.read"


@action
def ask_to_read(conversation: Conversation, *, actor: Actor, ground: str) -> Conversation:
    """Ask those who give grants for one. Nothing opens by it; they see it on their home."""
    actor.needs(READ)
    if ground not in grants.grounds():
        raise Invalid("There is no such ground.", do="Pick one from the list.")
    return changed(held(conversation), [], actor=actor, did=ASKED, ground=ground)
