"""What the gate permits, refuses and records."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import copy_context
from dataclasses import replace
from uuid import UUID

import pytest

from core.conftest import WORKER, Company
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices.deciding import choose, refuse_solicitation
from troth.core.errors import Denied
from troth.core.gate import uses
from troth.core.gate.audiences import audience
from troth.core.gate.collecting import collect
from troth.core.gate.denials import UseDenied
from troth.core.gate.models import Stance
from troth.core.gate.permits import settle
from troth.core.gate.why import why
from troth.core.ledger.api import sequence, timeline
from troth.core.ledger.models import Entry, Pending
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.people.records import search

EMAIL = "user.contact.email"


def reason(person: Person, purpose: str, category: str = EMAIL, to: str = "") -> str:
    return why(purpose=purpose, category=category, person=person, to=to).reason


def acts(company: Company, person: Person) -> list[str]:
    return [line.act for line in timeline(company.organisation, person.ref).lines]


def may_mail(purpose: str) -> set[object]:
    return set(audience(purpose=purpose, data=[EMAIL]).values_list("person_id", flat=True))


def test_a_permitted_use_opens_the_value_and_is_recorded(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    with uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]) as opening:
        element = Element.objects.get(category=EMAIL)
        assert element.value == "ada@marsh.example"
        assert opening.clause == "1.2"
    assert acts(company, person)[0] == "gate.used"


def test_a_use_opens_no_more_than_was_asked(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    with uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]):
        name = Element.objects.get(category="user.name")
        assert not isinstance(name.value, str)


def test_a_use_opens_nobody_else(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    company.visitor_writes("bea@marsh.example")
    with uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]):
        values = [element.value for element in Element.objects.filter(category=EMAIL)]
    assert [value for value in values if isinstance(value, str)] == ["ada@marsh.example"]


def test_a_purpose_it_was_not_given_for_is_denied_and_recorded(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    with (
        pytest.raises(UseDenied, match="may not use") as caught,
        uses.use(actor=WORKER, purpose="account", person=person, data=[EMAIL]),
    ):
        pytest.fail("the block ran")
    assert caught.value.clause == "1.5"
    assert "ada@" not in str(caught.value)
    assert acts(company, person)[0] == "gate.denied"


def test_a_denial_inside_a_failed_action_is_recorded_too(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")

    @action
    def attempt() -> None:
        Person.objects.filter(pk=person.pk).update(state="anonymous")
        with uses.use(actor=WORKER, purpose="account", person=person, data=[EMAIL]):
            pytest.fail("the block ran")

    with pytest.raises(Denied):
        attempt()
    person.refresh_from_db()
    assert person.state == "identified", "the change was rolled back"
    assert acts(company, person)[0] == "gate.denied"


def test_an_unknown_purpose_is_denied(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    with (
        pytest.raises(UseDenied, match="resale"),
        uses.use(actor=WORKER, purpose="resale", person=person, data=[EMAIL]),
    ):
        pytest.fail("the block ran")


def test_an_opt_in_purpose_needs_a_yes_which_acts_at_once(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    me = Actor("person", person.ref, person_id=person.pk)
    assert reason(person, "news") == "no-opt-in"
    assert not may_mail("news")
    choose(person, actor=me, purpose="news", yes=True, way="preferences")
    assert may_mail("news") == {person.pk}
    choose(person, actor=me, purpose="news", yes=False, way="preferences")
    assert not may_mail("news")
    choices = [act for act in acts(company, person) if act.startswith("choices.")]
    assert choices == ["choices.withdrawn", "choices.given"]


def test_an_opt_out_purpose_goes_on_until_refused(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    assert may_mail("offers") == {person.pk}
    refuse_solicitation(person, actor=WORKER, refused=True, way="forms.no-solicitation")
    assert not may_mail("offers")
    assert may_mail("repair") == {person.pk}, "what is essential goes on"
    refuse_solicitation(person, actor=WORKER, refused=False, way="preferences")
    assert may_mail("offers") == {person.pk}


def test_a_refusal_holds_for_data_given_later(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    choose(person, actor=WORKER, purpose="offers", yes=False, way="preferences")
    company.visitor_writes("ada@marsh.example", phone="+44 1632 960001")
    assert not audience(purpose="offers", data=["user.contact.phone_number"]).exists()


def test_an_essential_purpose_cannot_be_refused_alone(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    with pytest.raises(Exception, match="cannot be switched off"):
        choose(person, actor=WORKER, purpose="repair", yes=False, way="preferences")


SURVEYS = """[purposes.surveys]
clause = "1.9"
use = "analytics.reporting"
label = "Surveys"
basis = "opt-out"
text = "We ask how it was."

[[collect]]
clause = "2.1\""""


def test_a_new_purpose_does_not_reach_data_of_the_old_version(company: Company) -> None:
    old = company.visitor_writes("ada@marsh.example")
    company.publish(
        "2",
        (
            '[[collect]]\nclause = "2.1"',
            SURVEYS,
        ),
        (
            'for = ["repair", "support", "offers", "news"]',
            'for = ["repair", "support", "offers", "news", "surveys"]',
        ),
    )
    new = company.visitor_writes("bea@marsh.example")
    assert may_mail("surveys") == {new.pk}
    assert reason(old, "surveys") == "not-collected-for"


def test_a_dropped_purpose_is_denied_at_once(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    assert may_mail("offers") == {person.pk}
    company.publish("2", ('"support", "offers", "news"', '"support", "news"'))
    assert not may_mail("offers")
    assert reason(person, "offers") == "no-clause"


SUPPORT = """label = "Answering questions"
basis = "essential\""""


def test_what_is_essential_no_more_heeds_a_mark_of_before(company: Company) -> None:
    marked, other = (company.visitor_writes(f"{one}@marsh.example") for one in ("ada", "bea"))
    choose(marked, actor=WORKER, purpose=Stance.COLLECTION, yes=False, way="preferences")
    assert may_mail("support") == {marked.pk, other.pk}
    company.publish("2", (SUPPORT, SUPPORT.replace("essential", "opt-out")))
    assert may_mail("support") == {other.pk}


def test_restriction_leaves_storage_alone(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    Person.objects.filter(pk=person.pk).update(restricted_at=clock.now())
    settle(person.pk, current().rules)
    person.refresh_from_db()
    assert not may_mail("repair")
    assert reason(person, "repair") == "restricted"


def test_a_disclosure_needs_a_clause_for_its_recipient(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    with uses.use(
        actor=WORKER, purpose="repair", person=person, data=["user.name"], to="yard"
    ) as opening:
        assert opening.clause == "3.1"
    for data, to in ((EMAIL, "yard"), ("user.name", "stranger")):
        with (
            pytest.raises(UseDenied),
            uses.use(actor=WORKER, purpose="repair", person=person, data=[data], to=to),
        ):
            pytest.fail("the block ran")


def test_a_role_narrows_purposes(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    agent = Actor("staff", "0" * 32, purposes=frozenset({"support"}))
    with uses.use(actor=agent, purpose="support", person=person):
        pass
    with (
        pytest.raises(UseDenied, match="Offers") as caught,
        uses.use(actor=agent, purpose="offers", person=person, data=[EMAIL]),
    ):
        pytest.fail("the block ran")
    assert "role" in caught.value.why


def test_nothing_is_collected_outside_the_clause(company: Company) -> None:
    for touchpoint, category in (
        ("forms.contact", "user.demographic.date_of_birth"),
        ("forms.nowhere", EMAIL),
    ):
        with (
            pytest.raises(UseDenied, match="collected"),
            collect(actor=Actor.visitor(), touchpoint=touchpoint, data=[category]),
        ):
            pytest.fail("the block ran")
    assert not Person.objects.exists()


def test_bulk_use_is_one_entry_and_refuses_whoever_said_no(company: Company) -> None:
    ada = company.visitor_writes("ada@marsh.example")
    bea = company.visitor_writes("bea@marsh.example")
    chosen = may_mail("offers")
    with uses.use_many(actor=WORKER, purpose="offers", data=[EMAIL], people=chosen):
        found = {element.value for element in Element.objects.filter(category=EMAIL)}
    assert found == {"ada@marsh.example", "bea@marsh.example"}
    choose(bea, actor=WORKER, purpose="offers", yes=False, way="preferences")
    with (
        pytest.raises(UseDenied, match="1 of 2"),
        uses.use_many(actor=WORKER, purpose="offers", data=[EMAIL], people=[ada.pk, bea.pk]),
    ):
        pytest.fail("the block ran")


def test_an_audience_is_opened_without_whoever_says_no(company: Company) -> None:
    ada = company.visitor_writes("ada@marsh.example")
    bea = company.visitor_writes("bea@marsh.example")

    def opens(among: list[UUID] | None = None, purpose: str = "offers") -> set[str]:
        use = uses.use_audience(actor=WORKER, purpose=purpose, data=[EMAIL], among=among)
        with use as opening:
            held = Element.objects.filter(category=EMAIL)
            read = {one.person_id: one.value for one in held if isinstance(one.value, str)}
        assert read.keys() == opening.whom
        return set(read.values())

    def recorded() -> int:
        bodies = Pending.objects.values_list("body", flat=True)
        return sum(b'"gate.used_many"' in bytes(body) for body in bodies)

    assert opens() == {"ada@marsh.example", "bea@marsh.example"}
    choose(bea, actor=WORKER, purpose="offers", yes=False, way="preferences")
    assert opens() == opens([ada.pk, bea.pk]) == {"ada@marsh.example"}
    assert recorded() == 3
    assert opens([bea.pk]) == opens([]) == opens(purpose="no-such-purpose") == set()
    assert recorded() == 3, "nobody's data was opened"


def test_an_audience_is_refused_to_a_role_without_the_purpose(company: Company) -> None:
    company.visitor_writes("ada@marsh.example")
    actor = replace(WORKER, purposes=frozenset({"support"}))
    with (
        pytest.raises(UseDenied, match="role does not include"),
        uses.use_audience(actor=actor, purpose="offers", data=[EMAIL]),
    ):
        pytest.fail("the block ran")


def test_a_search_finds_by_exact_value_and_reads_nothing(company: Company) -> None:
    person = company.visitor_writes("Ada@Marsh.example")
    with uses.search(actor=WORKER, purpose="support", category=EMAIL):
        assert search(EMAIL, " ada@marsh.EXAMPLE ") == [person.pk]
        assert search(EMAIL, "ada") == []
        assert not isinstance(Element.objects.get(category=EMAIL).value, str)
    with pytest.raises(Denied):
        search(EMAIL, "ada@marsh.example")


def test_a_person_reads_what_is_held(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    with uses.own(person=person) as opening:
        assert opening.clause == "5.1"
        assert {e.value for e in Element.objects.all()} == {"Ada Marsh", "ada@marsh.example"}
    assert acts(company, person)[0] == "gate.read_own"


def test_a_value_opens_only_for_what_it_was_collected_for(company: Company) -> None:
    """A later form that gives the same category to a new purpose does not open the older value."""
    person = company.visitor_writes("ada@marsh.example", name="Ada of old")
    company.publish(
        "2",
        ('[[collect]]\nclause = "2.1"', SURVEYS),
        (
            'for = ["repair", "support", "offers", "news"]',
            'for = ["repair", "support", "offers", "news", "surveys"]',
        ),
    )
    company.visitor_writes("ada@marsh.example", name="Ada of now")
    with uses.use(actor=WORKER, purpose="surveys", person=person, data=["user.name"]):
        names = [element.value for element in Element.objects.filter(category="user.name")]
    assert [name for name in names if isinstance(name, str)] == ["Ada of now"]


def test_an_opening_ends_with_its_block_for_good(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")

    def reading() -> Iterator[None]:
        with uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]):
            yield

    one, two = reading(), reading()
    next(one)
    next(two)
    one.close()
    two.close()
    with uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]):
        kept = copy_context()
    element = Element.objects.get(category=EMAIL)
    assert not isinstance(element.value, str)
    assert not isinstance(kept.run(lambda: element.value), str)


def test_a_use_of_somebody_finds_nobody_else(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    company.visitor_writes("bea@marsh.example")
    with (
        uses.use(actor=WORKER, purpose="support", person=person, data=[EMAIL]),
        pytest.raises(Denied),
    ):
        search(EMAIL, "bea@marsh.example")


def test_a_basis_that_grows_stricter_holds_at_once(company: Company) -> None:
    silent = company.visitor_writes("ada@marsh.example")
    willing = company.visitor_writes("bea@marsh.example")
    choose(willing, actor=WORKER, purpose="offers", yes=True, way="preferences")
    assert may_mail("offers") == {silent.pk, willing.pk}
    company.publish(
        "2", ('label = "Offers"\nbasis = "opt-out"', 'label = "Offers"\nbasis = "opt-in"')
    )
    assert may_mail("offers") == {willing.pk}
    later = company.visitor_writes("cia@marsh.example")
    assert reason(later, "offers") == "no-opt-in"


def test_the_conditions_of_a_disclosure_are_kept(company: Company) -> None:
    conditions = {
        "aggregate = 20": "aggregate-only",
        'choice = "opt-in"': "no-opt-in",
        'grounds = ["court-order"]': "ground-missing",
        'needs = ["document"]': "need-missing",
    }
    person = company.visitor_writes("ada@marsh.example")
    for number, (condition, why_not) in enumerate(conditions.items(), 2):
        company.publish(
            str(number), ('for = ["repair"]\ntext', f'for = ["repair"]\n{condition}\ntext')
        )
        with (
            pytest.raises(UseDenied) as caught,
            uses.use(actor=WORKER, purpose="repair", person=person, data=["user.name"], to="yard"),
        ):
            pytest.fail(condition)
        assert caught.value.attempt.reason == why_not


def test_a_search_by_the_staff_is_recorded(company: Company) -> None:
    agent = Actor("staff", "0" * 32, purposes=frozenset({"support"}))
    with uses.search(actor=agent, purpose="support", category=EMAIL):
        search(EMAIL, "nobody@marsh.example")
    sequence()
    assert Entry.objects.filter(act="gate.searched").count() == 1
