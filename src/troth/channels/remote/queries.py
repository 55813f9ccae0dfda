"""Sessions as the staff and their customers see them."""

from __future__ import annotations

from django.db.models import QuerySet

from troth.channels.remote.joining import SessionMissing
from troth.channels.remote.models import Session
from troth.core.actors import Actor
from troth.core.errors import Denied
from troth.core.people.models import Person

MOST = 50


def listed() -> QuerySet[Session]:
    """The newest sessions of the organisation: when, whose, how long; nothing of what was seen."""
    return Session.objects.select_related("agent__role").all()[:MOST]


def waiting(actor: Actor) -> QuerySet[Session]:
    """Sessions of this agent's that have no note yet."""
    over = Session.objects.filter(state=Session.State.ENDED, noted_at=None)
    return over.filter(agent__ref=actor.ref, granted_at__isnull=False)


def own(ref: str, *, actor: Actor) -> Session:
    """The agent's own session. Raises `SessionMissing`, and `Denied` for any other member: there is
    no second one to look.
    """
    found = Session.objects.select_related("agent__role", "person").filter(ref=ref).first()
    if found is None:
        raise SessionMissing("There is no such session.", do="Begin one.")
    if found.agent is None or found.agent.ref != actor.ref:
        raise Denied(
            "This session is another agent's.",
            why="The customer let one person see their screen, and nobody else.",
            do="Ask the customer for a session of your own.",
        )
    return found


def of(person: Person) -> QuerySet[Session]:
    """All sessions that somebody granted, the newest first."""
    granted = Session.objects.filter(granted_at__isnull=False)
    return granted.select_related("agent__role").filter(person__root_id=person.root_id)
