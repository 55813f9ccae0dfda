"""Tags, links, read marks, and who takes part."""

from __future__ import annotations

from troth.channels.conversations.models import Conversation, Participant
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.people.models import Person


@action
def tag(
    conversation: Conversation, *, actor: Actor, name: str, revision: int | None
) -> Conversation:
    """Put a tag on it, which is made if it is new."""
    raise NotImplementedError


@action
def untag(
    conversation: Conversation, *, actor: Actor, name: str, revision: int | None
) -> Conversation:
    """Take a tag off."""
    raise NotImplementedError


@action
def link(
    conversation: Conversation, *, actor: Actor, other: Conversation, kind: str = "related"
) -> None:
    """Say that two conversations have to do with each other: related, cause, duplicate."""
    raise NotImplementedError


@action
def unlink(conversation: Conversation, *, actor: Actor, other: Conversation) -> None:
    """Take the link away, in either direction."""
    raise NotImplementedError


def saw(conversation: Conversation, *, actor: Actor, seq: int) -> int:
    """The other side's messages up to `seq` were seen by the visitor (actor visitor or person) or
    by staff; returns how many that marked.
    """
    raise NotImplementedError


@action
def add_participant(
    conversation: Conversation, *, actor: Actor, address: str, person: Person | None = None
) -> Participant:
    """Let somebody else write into it by mail and get copies."""
    raise NotImplementedError


@action
def remove_participant(
    conversation: Conversation, *, actor: Actor, participant: Participant
) -> None:
    """Take somebody who was added out again."""
    raise NotImplementedError
