"""What has to be seen to before data goes: told and waited, bound and not suspended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from core.conftest import WORKER, Company
from core.test_gate import acts, reason
from core.test_telling import read, read_many
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.errors import Denied, Invalid
from troth.core.gate import uses
from troth.core.gate.audiences import audience, tellable
from troth.core.gate.denials import UseDenied
from troth.core.gate.merging import merge
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.recipients import binding
from troth.core.recipients.entering import enter
from troth.core.recipients.foretelling import foretell
from troth.core.recipients.models import Bond, Foretold, Suspension
from troth.core.recipients.standing import barred, required

NAME, TO = "user.name", "yard"
HELD = ('for = ["repair"]\ntext', 'for = ["repair"]\nchoice = "opt-out"\nwindow = "14 days"\ntext')
ASKS = (
    '[[keep]]\nclause = "4.1"',
    """[[secure]]
clause = "3.7"
measures = ["tls"]
level = "sound"
text = "We guard it."

[[safeguard]]
clause = "3.8"
with = ["processor"]
one_of = ["dpa"]
as_strong = true
assures = ["own-purpose"]
text = "Who gets it guards it as we do."

[[keep]]
clause = "4.1\"""",
)


@contextmanager
def later(days: int) -> Iterator[None]:
    with clock.at(clock.now() + timedelta(days=days)):
        yield


def goes() -> set[object]:
    found = audience(purpose="repair", data=[NAME], to=TO)
    return set(found.values_list("person_id", flat=True))


def bind(kind: str, level: str = "", days: int = 90) -> Bond:
    today = clock.now().date()
    return binding.bind(
        actor=WORKER,
        to=TO,
        kind=kind,
        document="Paper 7",
        given_on=today - timedelta(days=1),
        until=today + timedelta(days=days),
        level=level,
    )


def test_a_disclosure_is_held_until_they_were_told_and_had_time(company: Company) -> None:
    told, untold = (company.visitor_writes(f"{name}@marsh.example") for name in ("ada", "bea"))
    company.publish("2", HELD)
    assert reason(told, "repair", NAME, to=TO) == "not-told"
    assert {one.person_id for one in tellable(purpose="repair", to=TO)} == {told.pk, untold.pk}
    foretell(told, actor=WORKER, to=TO, purpose="repair", way="mail")
    foretell(told, actor=WORKER, to=TO, purpose="repair", way="mail")
    assert Foretold.objects.count() == 1, "told twice is told once"
    assert reason(told, "repair", NAME, to=TO) == "recipient-window"
    assert not goes()
    with later(15):
        assert reason(told, "repair", NAME, to=TO) == "permitted"
        assert reason(untold, "repair", NAME, to=TO) == "not-told"
        assert goes() == {told.pk}
        assert read(told, "repair", NAME, to=TO) == ["Ada Marsh"]
        assert read_many([told.pk], "repair", NAME, to=TO) == ["Ada Marsh"]
        with pytest.raises(UseDenied):
            read_many([told.pk, untold.pk], "repair", NAME, to=TO)
        with uses.use_audience(actor=WORKER, purpose="repair", data=[NAME], to=TO) as opening:
            assert opening.whom == {told.pk}
        choose(told, actor=WORKER, purpose="repair", manner=f"to.{TO}", yes=False, way="link")
        assert reason(told, "repair", NAME, to=TO) == "refused"
        assert not goes()
    assert "recipients.foretold" in acts(company, told)
    assert acts(company, told).count("gate.disclosed_many") == 2


def test_being_told_counts_for_all_records_of_one_human(company: Company) -> None:
    one = company.visitor_writes("ada@marsh.example")
    other = company.visitor_writes("ada@reed.example")
    company.publish("2", HELD)
    foretell(one, actor=WORKER, to=TO, purpose="repair", way="mail")
    merge(other, into=one, actor=Actor.system("cli"))
    with later(15):
        assert reason(Person.objects.get(pk=other.pk), "repair", NAME, to=TO) == "permitted"


def test_what_a_clause_asks_of_a_recipient_is_on_file_or_nothing_goes(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    assert reason(person, "repair", NAME, to=TO) == "permitted", "this version asks for nothing"
    company.publish("2", ASKS)
    assert reason(person, "repair", NAME, to=TO) == "bond-missing"
    assert not goes()
    bind(Bond.Kind.SECURITY, "basic")
    assert reason(person, "repair", NAME, to=TO) == "security-weaker"
    bind(Bond.Kind.SECURITY, "strict")
    assert reason(person, "repair", NAME, to=TO) == "bond-missing", "its assurance is"
    bind(Bond.Kind.OWN_PURPOSE)
    assert reason(person, "repair", NAME, to=TO) == "permitted"
    assert goes() == {person.pk}
    with later(91):
        assert reason(person, "repair", NAME, to=TO) == "bond-lapsed"
        assert not goes()
        with pytest.raises(UseDenied) as caught:
            read(person, "repair", NAME, to=TO)
        assert caught.value.clause == "3.8"
    assert [one.state for one in required(TO, current().rules)] == ["held", "held"]


def test_a_suspended_recipient_gets_nothing_in_any_way(company: Company) -> None:
    person = company.visitor_writes("ada@marsh.example")
    assert goes() == {person.pk}
    found = binding.suspend(actor=WORKER, to=TO, ground="inability", source="recipient")
    again = binding.suspend(actor=WORKER, to=TO, ground="breach", source="staff")
    assert again.pk == found.pk, "it is suspended already"
    assert reason(person, "repair", NAME, to=TO) == "suspended"
    assert not goes()
    for call in (
        lambda: read(person, "repair", NAME, to=TO),
        lambda: read_many([person.pk], "repair", NAME, to=TO),
    ):
        with pytest.raises(UseDenied) as caught:
            call()
        assert caught.value.attempt.reason == "suspended"
    with (
        pytest.raises(UseDenied),
        uses.use_audience(actor=WORKER, purpose="repair", data=[NAME], to=TO),
    ):
        pytest.fail("the block ran")
    assert Element.objects.exists()
    assert Suspension.objects.count() == 1


def test_only_a_remedy_lifts_a_suspension(company: Company) -> None:
    assert company.organisation
    found = binding.suspend(actor=WORKER, to=TO, ground="breach", source="staff")
    with pytest.raises(Denied, match="stays suspended"):
        binding.lift(found, actor=WORKER)
    assert barred(TO, current().rules) is not None


BOND = '[[bond]]\nrecipient = "yard"\ndocument = "{}"\nfrom = 2026-01-01\nuntil = {}\n{}\n'


@pytest.mark.parametrize(
    "text",
    [
        "no toml [",
        "[[bonds]]\n",
        BOND.format("x", "2027-01-01", ""),
        BOND.format("", "2027-01-01", 'level = "sound"'),
        BOND.format("x", "2025-01-01", 'level = "sound"'),
        BOND.format("x", "2099-01-01", 'level = "sound"'),
        BOND.format("x", "2027-01-01", 'assures = ["nothing"]'),
        BOND.format("x", "2027-01-01", 'level = "sound"') + BOND.format("x", "soon", ""),
    ],
)
def test_a_file_that_does_not_hold_enters_nothing(company: Company, text: str) -> None:
    assert company.organisation
    with pytest.raises(Invalid):
        enter(text, actor=WORKER)
    assert not Bond.objects.exists()
