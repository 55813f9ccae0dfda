"""What was said of all holds for what comes after, however many are collected at once."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import transaction

from core.conftest import WORKER, Company
from core.test_gate import may_mail
from troth.core.actors import Actor
from troth.core.choices import stopping
from troth.core.choices.deciding import choose
from troth.core.choices.switches import switches
from troth.core.gate.collecting import collect
from troth.core.gate.models import Permit, Stance
from troth.core.people.models import Element, Person
from troth.core.people.records import Given

pytestmark = pytest.mark.parametrize("company", ["sqlite"], indirect=True)
DESK = Actor("staff", "0" * 32, abilities=frozenset({stopping.ABILITY}))
MAILED = ('use = "essential.service"\n', 'use = "essential.service"\nchannels = ["email"]\n')
PHONE = "user.contact.phone_number"


def gives_phone(people: list[Person], *, categories: tuple[str, ...] = ()) -> list[Element]:
    """A phone number of each, which nothing essential asks for at this place."""
    with (
        transaction.atomic(),
        collect(actor=WORKER, touchpoint="forms.offers", data=[PHONE, "user.name"]) as point,
    ):
        given = (Given("phone", PHONE, "+44 1632 960001"), Given("name", "user.name", "Ada"))
        return point.hold_many([(one.pk, given, uuid4()) for one in people], categories)


OFFERS = (
    "[recipients.yard]",
    """[[collect]]
clause = "2.3"
at = "forms.offers"
optional = ["user.contact.phone_number"]
for = ["offers"]
text = "A number for offers."

[[collect]]
clause = "2.4"
at = "forms.offers"
optional = ["user.name"]
for = ["support"]
text = "A name for an answer."

[recipients.yard]""",
)


def test_mail_of_a_purpose_that_came_later_is_stopped_too(company: Company) -> None:
    company.publish("2", MAILED)
    person = company.visitor_writes("ada@marsh.example")
    other = company.visitor_writes("bea@marsh.example")
    stopping.stop(person, actor=DESK, way="asked-by-mail")
    assert may_mail("repair") == {other.pk}
    assert may_mail("support") == {person.pk, other.pk}
    later = 'use = "essential.service.operations.support"\n'
    company.publish("3", MAILED, (later, later + 'channels = ["email"]\n'))
    assert may_mail("support") == {other.pk}
    company.visitor_writes("ada@marsh.example")
    assert may_mail("support") == {other.pk}, "not even after they write again"
    assert {one.purpose.key for one in stopping.standing(person) if one.stopped} == {
        "repair",
        "support",
    }
    assert not next(one for one in switches(person) if one.key == "support").on
    assert len(stopping.resume(person, actor=DESK, way="asked-by-mail")) == 2
    assert may_mail("support") == {person.pk, other.pk}


def test_what_is_collected_of_many_stops_at_what_is_necessary(company: Company) -> None:
    company.publish("2", OFFERS)
    marked, free = (company.visitor_writes(f"{name}@marsh.example") for name in ("ada", "bea"))
    choose(marked, actor=WORKER, purpose=Stance.COLLECTION, yes=False, way="tests")
    gives_phone([marked, free], categories=(PHONE, "user.name"))
    held = Element.objects.filter(touchpoint="forms.offers")
    assert {(one.person_id, one.category) for one in held} == {
        (free.pk, PHONE),
        (free.pk, "user.name"),
        (marked.pk, "user.name"),
    }
    assert [one.person_id for one in Permit.objects.filter(category=PHONE)] == [free.pk]
