"""The tries on SQLite and on PostgreSQL, each on a company of its own."""

from __future__ import annotations

import re
from types import ModuleType

import pytest
from django.db import connection

from core.conftest import Company, company, sqlite_pair
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.ledger.api import sequence, verify
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.hub.demo.holding import phone, recipient, restoring, rewriting, sealed, unsubscribed
from troth.hub.demo.holding.outcome import Outcome

__all__ = ["company", "sqlite_pair"]


@pytest.fixture
def person(company: Company) -> Person:
    """Somebody who left a number and wants no offers."""
    found = company.visitor_writes("ada@seeded.example", phone="+44 20 7946 0123")
    actor = Actor("person", found.ref, person_id=found.pk)
    choose(found, actor=actor, purpose="offers", yes=False, way="preferences")
    sequence()
    return found


def words(outcome: Outcome) -> str:
    return "\n".join(f"{step.text}\n{step.code}" for step in outcome.steps)


@pytest.mark.usefixtures("person")
def test_a_number_is_refused() -> None:
    outcome = phone.attempt()
    assert (outcome.held, outcome.clause) == (True, "1.3")
    assert "The person refused this purpose." in words(outcome)


@pytest.mark.usefixtures("person")
def test_a_name_stays_sealed() -> None:
    outcome = sealed.attempt()
    assert outcome.held
    said = words(outcome)
    assert b"Ada Marsh".hex(" ") not in said
    searched = re.search(r"all ([0-9.]+) million bytes of both databases: it is nowhere", said)
    if connection.vendor == "sqlite":
        assert searched
        assert float(searched[1]) > 0
    else:
        assert not searched


def test_one_no_stops_the_sending(company: Company, person: Person) -> None:
    company.visitor_writes("bea@seeded.example")
    outcome = unsubscribed.attempt()
    assert (outcome.held, outcome.clause) == (True, "1.3")
    said = words(outcome)
    assert "1 of 2 people may not be used for offers." in said
    assert f"1 person, and person {person.ref[:6]} is not among them" in said
    assert [step.entry.act for step in outcome.steps if step.entry] == [
        "choices.refused",
        "gate.denied",
    ]


def test_a_forged_row_is_found_and_rolled_back(company: Company, person: Person) -> None:
    before = verify(company.organisation).root
    outcome = rewriting.attempt()
    assert outcome.held, words(outcome)
    assert person.ref[:6] in str(outcome.steps[0].entry)
    after = verify(company.organisation)
    assert (after.holds, after.root) == (True, before)


@pytest.mark.usefixtures("person")
def test_a_recipient_waits_and_nothing_is_published() -> None:
    outcome = recipient.attempt()
    assert (outcome.held, outcome.clause) == (True, "6.1"), words(outcome)
    assert current().version == "1"


@pytest.mark.usefixtures("person")
def test_where_there_is_no_second_database_it_says_so() -> None:
    if connection.vendor == "postgresql":
        outcome = restoring.attempt()
        assert isinstance(outcome, Outcome)
        assert outcome.verdict.startswith("Not tried")


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize("one", [phone, sealed, recipient, rewriting, unsubscribed])
def test_where_nobody_is_it_says_so(one: ModuleType) -> None:
    outcome = one.attempt()
    assert outcome.verdict.startswith(("There is nobody", "Nobody"))
    assert not outcome.steps
