"""The demo's requests: a queue as a small company has it, made by the real actions.

One of each state: what was done, what is late, what waits for the person or for the staff.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from troth.channels.rights import api as requests
from troth.core.actors import Actor
from troth.core.people.models import Person
from troth.core.rights import api as rights
from troth.core.rights.api import Content, Request
from troth.hub.demo.history import History

SYSTEM: Final = Actor.system("demo")


@dataclass(frozen=True)
class _Asked:
    """One request: how many days before the end of the history, what, and what became of it."""

    days: int
    kind: str
    words: str = ""
    then: Callable[[Request, Actor], None] | None = None


def _done(request: Request, _owner: Actor) -> None:
    rights.approve(request, actor=SYSTEM)
    rights.fulfil(request, actor=SYSTEM)


def _waits(request: Request, owner: Actor) -> None:
    rights.wait_for(request, actor=owner, reason="detail")


def _extended(request: Request, owner: Actor) -> None:
    rights.extend(request, actor=owner, reason="others")


def _refused(request: Request, owner: Actor) -> None:
    rights.refuse(request, actor=owner, reason="excessive")


QUEUE: Final = (
    _Asked(24, "complaint", "I said no to calls, and was called on Monday."),
    _Asked(20, "access", then=_done),
    _Asked(12, "portability", then=_refused),
    _Asked(6, "question", "Who has my phone number but you?", _waits),
    _Asked(5, "correction", "The postcode is an old one.", _extended),
    _Asked(3, "deletion", "Please take everything out. I have moved on."),
    _Asked(1, "restriction"),
)


def plan(history: History) -> None:
    """Put the requests among the events, each in its time."""
    taken: set[UUID] = set()
    for one in QUEUE:
        history.add(history.now - timedelta(days=one.days), _ask(history, one, taken))
    history.add(history.now - timedelta(hours=5), lambda: _stranger(history))


def _ask(history: History, one: _Asked, taken: set[UUID]) -> Callable[[], None]:
    """By somebody who was logged in; nobody asks twice, and a small demo may have too few."""

    def run() -> None:
        found = (
            (address, Person.objects.select_related("root").get(pk=somebody.pk).root)
            for address, somebody in history.people.items()
        )
        free = ((address, person) for address, person in found if person.pk not in taken)
        if (first := next(free, None)) is None:
            return
        address, person = first
        taken.add(person.pk)
        request = rights.ask(
            one.kind,
            actor=Actor("person", person.ref, person_id=person.pk),
            way="account",
            person=person,
            content=Content(words=one.words, reply_to=address),
        )
        if one.then is not None:
            one.then(request, history.staff["owner"])

    return run


def _stranger(history: History) -> None:
    """Somebody whose address nobody has shown to be theirs yet."""
    requests.receive(
        "access",
        actor=Actor.visitor(),
        way="form",
        content=Content(reply_to=history.humans[0].email),
    )
