"""Choices: by channel, running out, renewed; what is kept of each."""

from __future__ import annotations

from datetime import timedelta

from core.conftest import WORKER, Company
from core.test_gate import EMAIL, acts, may_mail, reason
from troth.core import clock
from troth.core.choices.deciding import Wish, choose, decide, expire, refuse_solicitation
from troth.core.choices.models import Choice
from troth.core.choices.switches import switches
from troth.core.gate.audiences import audience
from troth.core.gate.models import Stance
from troth.core.gate.permits import standing_of
from troth.core.ledger.api import sequence
from troth.core.ledger.models import Entry
from troth.core.notices.versions import current

PHONE = "user.contact.phone_number"
YEAR = timedelta(days=366)


def may_call(purpose: str) -> set[object]:
    return set(audience(purpose=purpose, data=[PHONE]).values_list("person_id", flat=True))


def test_one_channel_is_refused_and_the_other_goes_on(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example", phone="+44 1632 960001")
    choose(person, actor=WORKER, purpose="offers", yes=False, way="preferences", manner="phone")
    assert may_mail("offers") == {person.pk}
    assert not may_call("offers")
    assert reason(person, "offers", PHONE) == "refused"
    offers = next(one for one in switches(person) if one.key == "offers")
    assert {one.name: one.on for one in offers.manners} == {"email": True, "phone": False}
    choose(person, actor=WORKER, purpose="offers", yes=True, way="preferences", manner="phone")
    assert may_call("offers") == {person.pk}


def test_no_calls_at_all_is_a_mark_of_its_own(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example", phone="+44 1632 960001")
    refuse_solicitation(person, actor=WORKER, refused=True, way="preferences", manner="phone")
    assert may_mail("offers") == {person.pk}
    assert not may_call("offers")
    assert may_call("support") == {person.pk}, "what was asked for is no solicitation"


def test_a_yes_runs_out_by_itself_and_is_renewed_by_being_said_again(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    choose(person, actor=WORKER, purpose="news", yes=True, way="preferences")
    with clock.at(clock.now() + YEAR):
        assert not may_mail("news"), "no job has to run for it to end"
        assert reason(person, "news") == "no-opt-in"
    with clock.at(clock.now() + timedelta(days=200)):
        choose(person, actor=WORKER, purpose="news", yes=True, way="preferences")
    with clock.at(clock.now() + YEAR):
        assert may_mail("news") == {person.pk}
        assert expire() == 0
    with clock.at(clock.now() + timedelta(days=200) + YEAR):
        assert not may_mail("news")
        assert expire() == 1
        assert expire() == 0
    decisions = [one.decision for one in Choice.objects.filter(person=person)]
    assert decisions == ["expired", "renewed", "given"]
    wanted = ["choices.expired", "choices.renewed", "choices.given"]
    assert [act for act in acts(company, person) if act.startswith("choices.")] == wanted


def test_a_choice_names_its_proof_on_the_ledger(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    choice = choose(
        person, actor=WORKER, purpose="news", yes=True, way="forms.contact", wording="Write to me"
    )
    assert choice is not None
    sequence(company.organisation)
    entry = Entry.objects.get(pk=choice.entry)
    assert entry.act == "choices.given"
    assert (choice.wording, choice.version, choice.language) == ("Write to me", "1", "en")
    assert EMAIL not in choice.wording


def test_what_is_decided_at_once_is_as_if_it_were_decided_one_by_one(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example", phone="+44 1632 960001")
    wishes = [
        Wish(Stance.SOLICITATION, yes=False, manner="phone"),
        Wish("offers", yes=True, manner="email"),
        Wish("news", yes=True),
        Wish("news", yes=False),
        Wish("news", yes=False),
    ]
    made = decide(
        person,
        wishes,
        actor=WORKER,
        way="preferences",
        standing=standing_of(person.root_id),
        published=current(),
    )
    assert [one.decision for one in made] == ["refused", "given", "given", "withdrawn"]
    assert may_mail("offers") == {person.pk}
    assert not may_call("offers")
    assert not may_mail("news")
    said = ("withdrawn", "given", "given", "no_solicitation")
    wanted = [f"choices.{one}" for one in said]
    assert [act for act in acts(company, person) if act.startswith("choices.")] == wanted
    stands = standing_of(person.root_id).stances
    assert {key: one.decision for key, one in stands.items()} == {
        ("*", "phone"): "refused",
        ("offers", "email"): "given",
        ("news", ""): "refused",
    }
