"""The demo's requests: a queue as a small company has it, made by the real actions.

One of each state: what was done, what is late, what waits for the person or for the staff.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from troth.channels.rights import api as requests
from troth.core import clock
from troth.core.actors import Actor
from troth.core.people.models import Person
from troth.core.rights import api as rights
from troth.core.rights.api import Content, Request
from troth.hub.demo.history import History

SYSTEM: Final = Actor.system("demo")


def leave_open(history: History) -> None:
    """Lay the queue down, as of today."""
    people = _people(history)
    owner = history.staff["owner"]
    access = _ask(history, people, "access", 20)
    rights.approve(access, actor=SYSTEM)
    rights.fulfil(access, actor=SYSTEM)
    _ask(history, people, "deletion", 3, words="Please take everything out. I have moved on.")
    _ask(history, people, "complaint", 24, words="I said no to calls, and was called on Monday.")
    question = _ask(history, people, "question", 6, words="Who has my phone number but you?")
    rights.wait_for(question, actor=owner, reason="detail")
    correction = _ask(history, people, "correction", 5, words="The postcode is an old one.")
    rights.extend(correction, actor=owner, reason="others")
    refused = _ask(history, people, "portability", 12)
    rights.refuse(refused, actor=owner, reason="excessive")
    _ask(history, people, "restriction", 1)
    with clock.at(history.now - timedelta(hours=5)):
        requests.receive(
            "access",
            actor=Actor.visitor(),
            way="form",
            content=Content(reply_to=history.humans[0].email),
        )


def _ask(
    history: History, people: Iterator[Person], kind: str, days: int, words: str = ""
) -> Request:
    """One by somebody who was logged in, some days ago."""
    person = next(people)
    address = next(email for email, one in history.people.items() if one.root_id == person.root_id)
    with clock.at(history.now - timedelta(days=days)):
        return rights.ask(
            kind,
            actor=Actor("person", person.ref, person_id=person.pk),
            way="account",
            person=person,
            content=Content(words=words, reply_to=address),
        )


def _people(history: History) -> Iterator[Person]:
    """People of the history, each human once."""
    known = {one.pk for one in history.people.values()}
    found = Person.objects.filter(pk__in=known, merged_into=None).order_by("pk")
    return found.iterator()
