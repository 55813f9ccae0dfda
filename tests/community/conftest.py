from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest

from accounts.conftest import Company, company, made, server
from troth.channels.accounts.api import create_user
from troth.channels.community.forum import acknowledging, moderating, naming
from troth.channels.community.models import Board
from troth.core.actors import Actor
from troth.core.gate.collecting import collect
from troth.core.people.models import Person
from troth.core.people.records import Given

__all__ = ["company", "made", "server"]

EMAIL = "user.contact.email"
STAFF = Actor(
    "staff",
    "1" * 32,
    abilities=frozenset({"forum.run", "articles.write", "cases.open", "rights.handle"}),
)
NewPerson = Callable[[], Person]


def theirs(person: Person) -> Actor:
    return Actor("person", person.ref, person_id=person.pk)


@pytest.fixture
def new_person(company: Company) -> NewPerson:
    """People with an account who took note of what holds in the forum, and have a name there."""

    def make() -> Person:
        given = [Given("email", EMAIL, f"{uuid4().hex}@heron.example")]
        with collect(actor=Actor.visitor(), touchpoint="accounts.register", data=[EMAIL]) as point:
            person = point.person(given)
            point.hold(person, given)
        create_user(person)
        clauses = [one.clause for one in acknowledging.notices()]
        said = acknowledging.digest()
        acknowledging.note(person, actor=theirs(person), clauses=clauses, notice=said)
        naming.choose(person, actor=theirs(person), name=f"Heron {uuid4().hex[:8]}")
        return person

    return make


@pytest.fixture
def board(company: Company) -> Board:
    return moderating.make_board(actor=STAFF, name="Questions")
