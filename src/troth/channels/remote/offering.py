"""Beginning: an agent asks to be shown a screen, and gets a code to read out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from troth.channels.conversations.api import Matter, matter_of, tell_them
from troth.channels.remote import acts, codes
from troth.channels.remote.clauses import Place, find, place
from troth.channels.remote.models import Session
from troth.channels.remote.recording import note
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid
from troth.core.people.models import Person
from troth.core.staff.models import Membership, Role
from troth.kit import links
from troth.kit.shell import Link

ABILITY: Final = Role.Ability.REMOTE_HELP
MOST: Final = 4 * 60 * 60  # seconds, whatever the settings say


class UnnotedDenied(Denied):
    """The agent has not written down what they did the last time."""


def lengths() -> Sequence[int]:
    """How long a session may last, in seconds: the setting `remote_minutes`, longest last."""
    named = settings.HOME.option("remote_minutes", "15 30 60").replace(",", " ").split()
    found = sorted({min(MOST, round(float(one) * 60)) for one in named})
    return [one for one in found if one > 0]


@action
def offer(
    *, actor: Actor, ground: str, seconds: int, conversation: str = "", send: bool = False
) -> tuple[Session, str]:
    """Make a session and its code, which is told here once and kept by a keyed digest alone.

    `conversation` is the reference of the case it is for; with `send` the code is written into it.
    Raises `UnnotedDenied` while an earlier session of the agent's has no note.
    """
    actor.needs(ABILITY)
    here = place()
    if ground not in here.grounds:
        raise Invalid("There is no such ground.", do=f"One of: {', '.join(here.grounds)}.")
    if seconds not in lengths():
        raise Invalid("A session cannot last that long.", do="Choose one of the times offered.")
    agent = Membership.objects.get(ref=actor.ref)
    _has_noted(agent, here)
    matter = matter_of(conversation, actor=actor) if conversation else None
    code, now = codes.new(), clock.now()
    made = Session(
        agent=agent,
        person=Person.objects.get(pk=matter.person) if matter else None,
        conversation=matter.id if matter else None,
        ground=ground,
        seconds=seconds,
        code_digest=codes.digest(code),
        clause=here.touchpoint.clause,
        version=here.published.version,
        made_at=now,
        lapses_at=now + codes.LIFE,
    )
    made.save(force_insert=True)
    note(acts.ASKED, made, actor, clause=here.access, ground=ground)
    if matter and send:
        _send(matter, actor, code)
    return made, code


def _has_noted(agent: Membership, here: Place) -> None:
    left = Session.objects.filter(agent=agent, ended_at__isnull=False, noted_at=None)
    if left.filter(granted_at__isnull=False).exists():
        raise UnnotedDenied(
            "Your last session has no note yet.",
            why="What was done is written down before there is another session.",
            clause=here.access,
            do="Write it on that session's page; the list below leads there.",
        )


def _send(matter: Matter, actor: Actor, code: str) -> None:
    page = links.absolute(reverse("remote:enter"))
    tell_them(
        matter.id,
        actor=actor,
        text=f"To show me your screen, open {page} on your computer and enter the code "
        f"{codes.spoken(code)}. It works once, and for {codes.LIFE.seconds // 60} minutes. "
        "Nothing is shown before you allow it there.",
    )


def from_conversation(conversation: UUID, ref: str, actor: Actor) -> Link | None:
    """The way here from a conversation's page, for whoever may go it."""
    if ABILITY not in actor.abilities or find() is None:
        return None
    return Link("See their screen", f"{reverse('remote:list')}?conversation={ref}")
