"""Sensitive categories: no disclosure and no new purpose without the person's yes to just that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from core.conftest import WORKER, Company
from core.test_gate import reason
from core.test_telling import read, read_many
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices.deciding import choose, refuse_solicitation
from troth.core.gate.audiences import audience
from troth.core.gate.collecting import collect
from troth.core.gate.denials import UseDenied
from troth.core.gate.telling import tell
from troth.core.people.models import Person
from troth.core.people.records import Given

HEALTH = "user.health_and_medical"
EMAIL = "user.contact.email"
TO_SAIL = "to.sail"
LATER = timedelta(days=31)
HERE = '[[keep]]\nclause = "4.1"'

SURVEY = """[purposes.survey]
clause = "1.9"
use = "analytics.reporting"
label = "Learning how boats make people feel"
basis = "{basis}"
text = "We learn from what you answer."

[[collect]]
clause = "2.9"
at = "forms.survey"
title = "How do you feel?"
required = ["user.contact.email"]
optional = ["user.health_and_medical"]
for = ["survey"]
text = "We ask how you feel aboard."

[recipients.sail]
name = "The Sailmaker"
kind = "partner"
country = "GB"
safeguards = ["dpa"]

[[share]]
clause = "3.9"
with = ["sail"]
data = ["user.health_and_medical"]
for = ["survey"]
text = "The sailmaker may learn how you feel."

"""
SENSITIVE = """[[sensitive]]
clause = "4.9"
data = ["user.health_and_medical"]
basis = "explicit-opt-in"
acts = {acts}
text = "Health needs your express yes."

"""
ALL_ACTS = '["use", "share"]'


def policy(basis: str, acts: str = ALL_ACTS) -> tuple[str, str]:
    """The survey, with its clause about health."""
    return HERE, SURVEY.format(basis=basis) + SENSITIVE.format(acts=acts) + HERE


def answers(email: str, health: str = "Seasick") -> Person:
    """Somebody sends the survey."""
    given = [Given("email", EMAIL, email), Given("health", HEALTH, health)]
    with (
        transaction.atomic(),
        collect(actor=Actor.visitor(), touchpoint="forms.survey", data=[EMAIL, HEALTH]) as point,
    ):
        person = point.person(given)
        point.hold(person, given)
    return person


def says(person: Person, *, yes: bool = True, purpose: str = "survey", manner: str = "") -> None:
    choose(person, actor=WORKER, purpose=purpose, yes=yes, way="preferences", manner=manner)


def goes() -> set[object]:
    """Who is in the set that may go to the partner."""
    found = audience(purpose="survey", data=[HEALTH], to="sail")
    return set(found.values_list("person_id", flat=True))


BASES = ["essential", "opt-out", "opt-in", "explicit-opt-in"]


@pytest.mark.clause("comintech-49")
@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("acts", [ALL_ACTS, '["share"]'])
def test_health_goes_to_a_partner_only_with_a_yes_to_that(
    company: Company, basis: str, acts: str
) -> None:
    company.publish("2", policy(basis, acts))
    person, silent = answers("ada@marsh.example"), answers("bea@marsh.example")
    with pytest.raises(UseDenied):
        read(person, "survey", HEALTH, to="sail")
    assert not goes()
    says(person)
    assert reason(person, "survey", HEALTH, to="sail") == "no-opt-in"
    with pytest.raises(UseDenied) as denied:
        read(person, "survey", HEALTH, to="sail")
    assert denied.value.clause == "3.9"
    assert read(person, "survey", HEALTH) == ["Seasick"], "we may use it ourselves"
    assert not goes(), "a yes to the purpose alone counts in no set either"
    says(person, manner=TO_SAIL)
    assert read(person, "survey", HEALTH, to="sail") == ["Seasick"]
    assert goes() == {person.pk}
    with pytest.raises(UseDenied):
        read(silent, "survey", HEALTH, to="sail")


@pytest.mark.clause("comintech-49")
@pytest.mark.parametrize("basis", BASES)
def test_a_set_is_not_disclosed_in_bulk(company: Company, basis: str) -> None:
    company.publish("2", policy(basis))
    people = [answers(f"{name}@marsh.example") for name in ("ada", "bea")]
    for person in people:
        says(person)
        says(person, manner=TO_SAIL)
    everybody = [person.pk for person in people]
    with pytest.raises(UseDenied) as denied:
        read_many(everybody, "survey", HEALTH, to="sail")
    assert denied.value.attempt.reason == "no-opt-in"
    assert read_many(everybody, "survey", HEALTH) == ["Seasick", "Seasick"]


@pytest.mark.parametrize("takes_back", ["recipient", "purpose", "offers"])
def test_a_yes_that_is_taken_back_ends_it_at_once(company: Company, takes_back: str) -> None:
    company.publish("2", policy("opt-out"))
    person = answers("ada@marsh.example")
    says(person)
    says(person, manner=TO_SAIL)
    assert goes() == {person.pk}
    if takes_back == "recipient":
        says(person, yes=False, manner=TO_SAIL)
    elif takes_back == "purpose":
        says(person, yes=False)
    else:
        refuse_solicitation(person, actor=WORKER, refused=True, way="preferences", manner=TO_SAIL)
    assert reason(person, "survey", HEALTH, to="sail") in ("refused", "no-opt-in")
    assert not goes()


def test_a_yes_to_one_partner_is_none_to_another(company: Company) -> None:
    here, text = policy("opt-out")
    other = text.replace('with = ["sail"]', 'with = ["sail", "rope"]').replace(
        '[[share]]\nclause = "3.9"',
        '[recipients.rope]\nname = "The Ropemaker"\nkind = "partner"\ncountry = "GB"\n'
        'safeguards = ["dpa"]\n\n[[share]]\nclause = "3.9"',
    )
    company.publish("2", (here, other))
    person = answers("ada@marsh.example")
    says(person)
    says(person, manner=TO_SAIL)
    assert reason(person, "survey", HEALTH, to="sail") == "permitted"
    assert reason(person, "survey", HEALTH, to="rope") == "no-opt-in"


RESEARCH = (
    '[[collect]]\nclause = "2.9"',
    """[purposes.research]
clause = "1.10"
use = "analytics.reporting"
label = "Research"
basis = "opt-out"
text = "We do research."

[[collect]]
clause = "2.9\"""",
)
FOR_RESEARCH = ('for = ["survey"]\ntext = "We ask', 'for = ["survey", "research"]\ntext = "We ask')


@pytest.mark.clause("comintech-49")
def test_health_serves_a_new_purpose_only_with_a_yes_to_it(company: Company) -> None:
    company.publish("2", policy("opt-out"))
    person, silent = answers("ada@marsh.example"), answers("bea@marsh.example")
    for one in (person, silent):
        says(one)
    company.publish("3", policy("opt-out"), RESEARCH, FOR_RESEARCH)
    assert reason(person, "research", HEALTH) == "not-collected-for"
    for one in (person, silent):
        tell(one, actor=WORKER, version="3", way="mail")
    with clock.at(clock.now() + LATER):
        assert reason(person, "research", EMAIL) == "permitted", "what is not sensitive opens"
        for one in (person, silent):
            assert reason(one, "research", HEALTH) == "no-opt-in"
            with pytest.raises(UseDenied):
                read(one, "research", HEALTH)
        assert not audience(purpose="research", data=[HEALTH])
        with pytest.raises(UseDenied):
            read_many([person.pk], "research", HEALTH)
        says(person, purpose="research")
        assert read(person, "research", HEALTH) == ["Seasick"]
        assert read_many([person.pk], "research", HEALTH) == ["Seasick"]
        with pytest.raises(UseDenied):
            read_many([person.pk, silent.pk], "research", HEALTH)


def test_a_clause_that_makes_a_category_sensitive_acts_at_once(company: Company) -> None:
    here = HERE
    company.publish("2", (here, SURVEY.format(basis="opt-out") + here))
    person = answers("ada@marsh.example")
    assert read(person, "survey", HEALTH) == ["Seasick"]
    assert read(person, "survey", HEALTH, to="sail") == ["Seasick"]
    company.publish("3", policy("opt-out"))
    assert reason(person, "survey", HEALTH) == "no-opt-in"
    assert not audience(purpose="survey", data=[HEALTH])
    assert not goes()
    with pytest.raises(UseDenied):
        read(person, "survey", HEALTH, to="sail")
    assert reason(person, "survey", EMAIL) == "permitted"
    says(person)
    assert read(person, "survey", HEALTH) == ["Seasick"]
