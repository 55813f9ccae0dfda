"""A new version: what it opens, for whom, and when (invariant 6); what it closes at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from core.conftest import WORKER, Company
from core.test_gate import EMAIL, SURVEYS, acts, may_mail, reason
from troth.core import clock
from troth.core.choices.deciding import choose
from troth.core.gate import uses
from troth.core.gate.audiences import audience
from troth.core.gate.denials import UseDenied
from troth.core.gate.merging import merge
from troth.core.gate.telling import answer, tell
from troth.core.people.models import Element, Person

FOR = 'for = ["repair", "support", "offers", "news"]'
WITH_SURVEYS = (
    ('[[collect]]\nclause = "2.1"', SURVEYS),
    (FOR, FOR.replace("]", ', "surveys"]')),
)
PARTNER = (
    '[[keep]]\nclause = "4.1"',
    """[recipients.sail]
name = "The Sailmaker"
kind = "partner"
country = "GB"
safeguards = ["dpa"]

[[share]]
clause = "3.2"
with = ["sail"]
data = ["user.name"]
for = ["repair"]
text = "The sailmaker gets your name."

[[keep]]
clause = "4.1\"""",
)
LATER = timedelta(days=31)


def read(person: Person, purpose: str, category: str = EMAIL, to: str = "") -> list[str]:
    """What a use of one person opens."""
    with uses.use(actor=WORKER, purpose=purpose, person=person, data=[category], to=to):
        rows = Element.objects.filter(person__root_id=person.root_id, category=category)
        return [row.value for row in rows if isinstance(row.value, str)]


def read_many(people: list[UUID], purpose: str, category: str = EMAIL, to: str = "") -> list[str]:
    with uses.use_many(actor=WORKER, purpose=purpose, people=people, data=[category], to=to):
        rows = Element.objects.filter(person_id__in=people, category=category)
        return sorted(row.value for row in rows if isinstance(row.value, str))


def test_old_data_serves_a_new_purpose_once_they_were_told_and_had_time(company: Company) -> None:
    old = company.visitor_writes("ada@marsh.example")
    company.publish("2", *WITH_SURVEYS)
    assert reason(old, "surveys") == "not-collected-for"
    tell(old, actor=WORKER, version="2", way="mail")
    assert reason(old, "surveys") == "notice-window"
    assert not may_mail("surveys")
    with pytest.raises(UseDenied):
        read(old, "surveys")
    with clock.at(clock.now() + LATER):
        assert may_mail("surveys") == {old.pk}
        assert read(old, "surveys") == ["ada@marsh.example"]
        assert read_many([old.pk], "surveys") == ["ada@marsh.example"]
    assert "notices.told" in acts(company, old)


def test_whoever_was_not_told_stays_out_of_the_set(company: Company) -> None:
    told, untold = (company.visitor_writes(f"{name}@marsh.example") for name in ("ada", "bea"))
    company.publish("2", *WITH_SURVEYS)
    tell(told, actor=WORKER, version="2", way="mail")
    with clock.at(clock.now() + LATER):
        assert may_mail("surveys") == {told.pk}
        with pytest.raises(UseDenied):
            read_many([told.pk, untold.pk], "surveys")


def test_a_refusal_within_the_time_holds_after_it(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    company.publish("2", *WITH_SURVEYS)
    tell(person, actor=WORKER, version="2", way="mail")
    choose(person, actor=WORKER, purpose="surveys", yes=False, way="preferences")
    with clock.at(clock.now() + LATER):
        assert reason(person, "surveys") == "refused"
        assert not may_mail("surveys")


def test_giving_anew_opens_what_was_given_anew_and_nothing_older(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example", name="Ada Marsh")
    company.publish("2", *WITH_SURVEYS)
    tell(person, actor=WORKER, version="2", way="mail")
    company.visitor_writes("ada@marsh.example", name="Ada Reed")
    assert read(person, "surveys", "user.name") == ["Ada Reed"]
    with clock.at(clock.now() + LATER):
        assert set(read(person, "surveys", "user.name")) == {"Ada Marsh", "Ada Reed"}


def test_being_told_of_one_version_does_not_cover_a_later_one(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    company.publish("2")
    tell(person, actor=WORKER, version="2", way="mail")
    company.publish("3", *WITH_SURVEYS)
    with clock.at(clock.now() + LATER):
        assert reason(person, "surveys") == "not-collected-for"


def test_telling_twice_does_not_begin_the_time_anew(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    company.publish("2", *WITH_SURVEYS)
    first = tell(person, actor=WORKER, version="2", way="mail")
    with clock.at(clock.now() + timedelta(days=20)):
        again = tell(person, actor=WORKER, version="2", way="account")
    assert again.opens_at == first.opens_at
    answer(first, actor=WORKER, accepted=True)
    answer(first, actor=WORKER, accepted=False)
    assert acts(company, person).count("notices.told") == 1
    assert "notices.seen" not in acts(company, person)


def test_a_new_recipient_gets_old_data_only_after_telling(company: Company) -> None:
    old = company.visitor_writes("ada@marsh.example")
    company.publish("2", PARTNER)
    new = company.visitor_writes("bea@marsh.example", name="Bea Reed")
    assert reason(old, "repair", "user.name", to="sail") == "not-told"
    assert read(new, "repair", "user.name", to="sail") == ["Bea Reed"]
    goes = audience(purpose="repair", data=["user.name"], to="sail")
    assert set(goes.values_list("person_id", flat=True)) == {new.pk}
    tell(old, actor=WORKER, version="2", way="mail")
    assert reason(old, "repair", "user.name", to="sail") == "notice-window"
    with clock.at(clock.now() + LATER):
        assert read(old, "repair", "user.name", to="sail") == ["Ada Marsh"]
        both = read_many([old.pk, new.pk], "repair", "user.name", to="sail")
        assert both == ["Ada Marsh", "Bea Reed"]
        assert read(old, "repair", "user.name", to="yard") == ["Ada Marsh"], "as before"


def test_one_recipient_can_be_refused(company: Company) -> None:
    company.publish("2", PARTNER)
    person = company.visitor_writes("ada@marsh.example")
    choose(person, actor=WORKER, purpose="offers", yes=False, way="preferences", manner="to.sail")
    assert reason(person, "repair", "user.name", to="sail") == "permitted"
    from troth.core.choices.deciding import refuse_solicitation  # noqa: PLC0415

    refuse_solicitation(person, actor=WORKER, refused=True, way="preferences", manner="to.sail")
    assert reason(person, "repair", "user.name", to="sail") == "refused"
    assert reason(person, "repair", "user.name", to="yard") == "permitted"


def test_merged_records_were_told_as_one(company: Company) -> None:
    one, other = (company.visitor_writes(f"{name}@marsh.example") for name in ("ada", "bea"))
    company.publish("2", *WITH_SURVEYS)
    merge(other, into=one, actor=WORKER)
    one = Person.objects.get(pk=one.pk)
    tell(one, actor=WORKER, version="2", way="mail")
    with clock.at(clock.now() + LATER):
        assert len(may_mail("surveys")) == 1, "one human, once"
        assert set(read(one, "surveys")) == {"ada@marsh.example", "bea@marsh.example"}


def test_a_touchpoint_that_gives_less_closes_at_once(company: Company) -> None:
    twice = """[[collect]]
clause = "2.3"
at = "forms.demo"
required = ["user.contact.email"]
for = ["offers"]
text = "A demo."

[[collect]]
clause = "2.2\""""
    company.publish("2", ('[[collect]]\nclause = "2.2"', twice))
    person = company.visitor_writes("ada@marsh.example")
    assert may_mail("offers") == {person.pk}
    company.publish(
        "3", ('[[collect]]\nclause = "2.2"', twice), (FOR, FOR.replace('"offers", ', ""))
    )
    assert not may_mail("offers")
    choose(person, actor=WORKER, purpose="offers", yes=True, way="preferences")
    assert not may_mail("offers"), "a yes does not bring back what the policy took away"
