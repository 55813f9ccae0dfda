"""What a browser's objection refuses, and what outweighs it."""

from __future__ import annotations

from core.conftest import WORKER, Company
from core.test_gate import acts, may_mail, reason
from troth.core.choices.deciding import choose
from troth.core.choices.models import Choice
from troth.core.choices.objecting import affected, object_to_sharing
from troth.core.notices.versions import current
from troth.core.people.models import Person

END = '[[keep]]\nclause = "4.1"'
TRADE = (
    END,
    """
[purposes.audiences]
clause = "1.6"
use = "marketing.advertising.third_party.targeted"
label = "Showing you offers elsewhere"
basis = "opt-out"
text = "Others show you our offers, unless you say no."

[recipients.fair]
name = "The Boat Fair"
kind = "partner"
country = "GB"
safeguards = ["dpa"]
expires = 2099-01-01

[[share]]
clause = "3.2"
with = ["fair"]
data = ["user.contact.email"]
for = ["offers"]
choice = "opt-out"
text = "The fair may write to you, unless you say no."

"""
    + END,
)
GIVEN = 'for = ["repair", "support", "offers", "news"]'
FOR = (GIVEN, GIVEN.replace("]", ', "audiences"]'))


def ada(company: Company) -> Person:
    company.publish("2", TRADE, FOR)
    return company.visitor_writes("ada@marsh.example")


def test_selling_and_sharing_are_refused_and_our_own_mail_is_not(company: Company) -> None:
    person = ada(company)
    assert list(affected(current().rules)) == [("offers", "to.fair"), ("audiences", "")]
    assert may_mail("audiences") == {person.pk}
    object_to_sharing(person, actor=WORKER)
    assert not may_mail("audiences")
    assert may_mail("offers") == {person.pk}
    assert reason(person, "offers", to="fair") == "refused"
    ways = {one.way for one in Choice.objects.filter(person=person)}
    assert ways == {"gpc"}
    assert acts(company, person).count("choices.refused") == 2


def test_it_is_one_objection_however_often_it_is_made(company: Company) -> None:
    person = ada(company)
    assert len(object_to_sharing(person, actor=WORKER)) == 2
    assert object_to_sharing(person, actor=WORKER) == []


def test_a_yes_to_the_very_thing_stands(company: Company) -> None:
    person = ada(company)
    choose(person, actor=WORKER, purpose="audiences", yes=True, way="preferences")
    made = object_to_sharing(person, actor=WORKER)
    assert [(one.purpose, one.manner) for one in made] == [("offers", "to.fair")]
    assert may_mail("audiences") == {person.pk}
    choose(person, actor=WORKER, purpose="offers", yes=True, way="preferences", manner="to.fair")
    assert object_to_sharing(person, actor=WORKER) == []
    assert reason(person, "offers", to="fair") == "permitted"


def test_a_yes_taken_back_is_no_yes(company: Company) -> None:
    person = ada(company)
    for yes in (True, False):
        choose(person, actor=WORKER, purpose="audiences", yes=yes, way="preferences")
    object_to_sharing(person, actor=WORKER)
    assert not may_mail("audiences")


def test_what_is_no_sale_is_left_alone(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    assert object_to_sharing(person, actor=WORKER) == []


def test_promoting_through_others_is_refused_where_no_choice_is_left_about_them(
    company: Company,
) -> None:
    outright = (
        TRADE[0],
        TRADE[1].replace('choice = "opt-out"\ntext = "The fair', 'text = "The fair'),
    )
    assert outright != TRADE
    company.publish("2", outright, FOR)
    assert list(affected(current().rules)) == [("offers", ""), ("audiences", "")]
