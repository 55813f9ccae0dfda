"""Lists for post and phone: who is on them, and what holds the others, each by its own mark."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.db import transaction

from console.cast import Company
from support.seeded import Seed
from troth.channels.campaigns import contacts
from troth.core.actors import Actor
from troth.core.choices.deciding import choose, refuse_solicitation
from troth.core.gate.collecting import collect
from troth.core.gate.models import Stance
from troth.core.people.models import Person
from troth.core.people.records import Given

pytestmark = pytest.mark.xdist_group("campaigns-pages")
VISITOR = Actor.visitor()


def callable_people(count: int) -> Iterable[Person]:
    for seed in (Seed.new() for _ in range(count)):
        given = [
            Given("name", "user.name", seed.name),
            Given("email", "user.contact.email", seed.email),
            Given("message", "user.content.private", seed.message),
            Given("phone", "user.contact.phone_number", seed.phone),
        ]
        data = [item.category for item in given]
        with (
            transaction.atomic(),
            collect(actor=VISITOR, touchpoint="forms.get-in-touch", data=data) as point,
        ):
            person = point.person(given)
            point.hold(person, given)
        yield person


def test_each_line_names_the_mark_and_the_clause_that_holds_somebody(comindware: Company) -> None:
    people = list(callable_people(6))
    before = {line.label: line.count for line in contacts.reach("newsletter", "phone").lines}
    refuse_solicitation(people[0], actor=VISITOR, refused=True, way="tests")
    refuse_solicitation(people[1], actor=VISITOR, refused=True, way="tests", manner="phone")
    choose(people[2], actor=VISITOR, purpose=Stance.COLLECTION, yes=False, way="tests")
    choose(people[3], actor=VISITOR, purpose="newsletter", yes=False, way="tests")
    choose(people[4], actor=VISITOR, purpose="newsletter", yes=False, way="tests", manner="phone")
    found = contacts.reach("newsletter", "phone")
    assert found.total == found.reached + sum(line.count for line in found.lines)
    lines = {line.label: line.clause for line in found.lines if line.label not in before}
    assert lines == {
        "asked for no solicitation of any kind": "9.1",
        "asked for no solicitation by phone": "9.1",
        "asked that nothing is used that the service does not need": "9.1",
        "said no to this purpose": "4.10",
        "said no to phone for this purpose": "4.10",
    }
    assert {line.count for line in found.lines if line.label in lines} == {1}
    assert found.reached == 1
