"""A message that was reported as harmful: whose it is, where it stands, what becomes of it."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from troth.channels.conversations.actions.settling import close, reopen
from troth.channels.conversations.deleting import delete
from troth.channels.conversations.models import Conversation, Message
from troth.core import clock
from troth.core.actors import Actor
from troth.core.cases.moderating import Target, register_target
from troth.core.errors import Missing
from troth.core.people.models import Element, Person
from troth.core.retention.holds import refuse_held
from troth.core.retention.schedules import held

DESK = Actor.system("desk")


def register() -> None:
    """Called once, when the application is ready."""
    register_target("message", Target(author, place, act))


def author(key: str) -> Person:
    """Who wrote it: its person. What staff wrote is for their own to look into."""
    return _message(key).person.root


def place(key: str) -> str:
    """Its conversation, at the message."""
    found = _message(key)
    page = reverse("conversations:conversation", args=[found.conversation.ref])
    return f"{page}#m{found.seq}"


def act(key: str, done: str, _actor: Actor, clause: str) -> None:
    """Blocked: its conversation is closed, and nothing is added to it; restored: it is open again.
    Deleted: what it says goes, in the backups too, and that there was a message stays. Raises
    `HeldDenied` under a legal hold.
    """
    found = _message(key)
    if done in ("blocked", "restored"):
        talk = found.conversation
        while talk.merged_into is not None:  # what answers it goes there
            talk = talk.merged_into
        if done == "blocked":
            close(talk, actor=DESK)
        elif talk.state == Conversation.State.CLOSED:
            reopen(talk, actor=DESK, revision=None)
        return
    mine = Element.objects.filter(record=found.pk, person=found.person)
    if mine.filter(held(clock.now())).exists():
        refuse_held(found.person)
    delete(found, clause=clause)


def _message(key: str) -> Message:
    try:
        pk = UUID(key)
    except ValueError:
        pk = UUID(int=0)
    found: Message | None = (
        Message.objects.filter(pk=pk, side=Message.Side.PERSON)
        .select_related("person__root", "conversation")
        .first()
    )
    if found is None:
        raise Missing("There is no such message.", do="Report it from its conversation.")
    return found
