"""A no outlives the record it was given on."""

from __future__ import annotations

from typing import Any

import pytest

from core.conftest import WORKER, Company
from core.test_gate import EMAIL, may_mail
from troth.core.choices import suppression
from troth.core.choices.deciding import choose, refuse_solicitation
from troth.core.choices.models import Suppression
from troth.core.choices.switches import solicitation_refused
from troth.core.gate import uses
from troth.core.gate.models import Stance
from troth.core.keyring.store import destroy_person_keys
from troth.core.people.models import Element, Person
from troth.core.people.records import search

ADA = "ada@marsh.example"


def erase(company: Company, person: Person) -> None:
    """What an erasure does: remember the no, destroy the key, remove the rows."""
    with uses.own(person=person):
        suppression.remember(person)
    destroy_person_keys([person.pk], company.organisation.pk)
    person.delete()


def kept_from(text: str) -> Any:
    with uses.search(actor=WORKER, purpose="support", category=EMAIL):
        return suppression.suppressed(EMAIL, text)


def test_what_was_refused_is_refused_when_they_come_back(company: Company) -> None:
    person = company.visitor_writes(ADA)
    choose(person, actor=WORKER, purpose="offers", yes=False, way="preferences")
    erase(company, person)
    assert kept_from(" ADA@marsh.example ") == {"*": {"erased"}, "offers": {"refused"}}
    again = company.visitor_writes(ADA)
    assert again.pk != person.pk
    assert not may_mail("offers")
    assert may_mail("support") == {again.pk}, "what they ask for now is answered"
    choose(again, actor=WORKER, purpose="offers", yes=True, way="preferences")
    assert may_mail("offers") == {again.pk}, "and they can change their mind"


def test_an_erased_person_gets_no_offers_though_they_refused_none(company: Company) -> None:
    erase(company, company.visitor_writes(ADA))
    company.visitor_writes(ADA)
    assert not may_mail("offers")


def test_the_mark_against_solicitation_comes_back_as_that(company: Company) -> None:
    person = company.visitor_writes(ADA)
    refuse_solicitation(person, actor=WORKER, refused=True, way="forms.no-solicitation")
    erase(company, person)
    assert solicitation_refused(company.visitor_writes(ADA))


def test_a_mark_above_all_choices_comes_back_as_that(company: Company) -> None:
    person = company.visitor_writes(ADA)
    for mark in (Stance.COLLECTION, Stance.ONWARD):
        choose(person, actor=WORKER, purpose=mark, yes=False, way="preferences")
    erase(company, person)
    again = company.visitor_writes(ADA)
    marks = Stance.objects.filter(person=again, purpose__in=Stance.MARKS)
    assert {one.purpose for one in marks} == {Stance.COLLECTION, Stance.ONWARD}


def test_a_mark_tells_nobody_whose_it_is(company: Company) -> None:
    person = company.visitor_writes(ADA)
    with uses.search(actor=WORKER, purpose="support", category=EMAIL):
        suppression.suppress(EMAIL, ADA, reason="bounced")
        suppression.suppress(EMAIL, ADA, reason="bounced")
        assert search(EMAIL, ADA) == [person.pk]
    [row] = Suppression.objects.all()
    index = Element.objects.get(person=person, category=EMAIL).index
    assert bytes(row.digest) != bytes(index), "it cannot be joined with the table of addresses"
    assert kept_from("bea@marsh.example") == {}
    with uses.search(actor=WORKER, purpose="support", category=EMAIL):
        assert suppression.lift(EMAIL, ADA) == 1
    assert kept_from(ADA) == {}


def test_marks_are_read_under_an_open_use_alone(company: Company) -> None:
    company.visitor_writes(ADA)
    with pytest.raises(Exception, match="without a permitted use"):
        suppression.suppressed(EMAIL, ADA)
