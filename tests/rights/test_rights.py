"""Correction, restriction, objection, cases, and the clock of a request."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from rights.conftest import EMAIL, MESSAGE, NAME, WORKER, Company, asked, done
from troth.core import clock
from troth.core.choices.deciding import choose
from troth.core.errors import Invalid
from troth.core.gate import audiences, uses
from troth.core.gate.denials import UseDenied
from troth.core.people.models import Element
from troth.core.people.records import find, search
from troth.core.rights import api as rights, sources
from troth.core.rights.emptying import empty_closed
from troth.core.rights.own.refusing import release
from troth.core.rights.sources import Found, Left, Planned, SourceInvalid, SourceMissing, Subject

ADA = "ada@marsh.example"


def test_a_correction_replaces_the_value_everywhere(company: Company) -> None:
    company.buys(ADA)
    person = company.writes(ADA)
    company.tells_the_yard(person)
    before = {bytes(one.value) for one in Element.objects.filter(person=person, category=NAME)}
    request = done("correction", person, changes={"name": "Ada Sea", "email": "ada@sea.example"})
    assert request.state == "done"
    with uses.own(person=person):
        held = {(one.category, one.value) for one in Element.objects.filter(person=person)}
    assert {value for category, value in held if category == NAME} == {"Ada Sea"}
    assert {value for category, value in held if category == EMAIL} == {"ada@sea.example"}
    assert not before & {bytes(one.value) for one in Element.objects.filter(category=NAME)}
    with uses.search(actor=WORKER, purpose="support", category=EMAIL):
        assert find(EMAIL, ADA) is None
        assert find(EMAIL, "ada@sea.example") == person
    assert rights.tellings_due().get().kind == "correction"


def test_a_correction_takes_nobody_elses_identifier(company: Company) -> None:
    person = company.writes(ADA)
    company.writes("bea@marsh.example")
    request = done("correction", person, changes={"email": "bea@marsh.example"})
    assert request.state == "stuck"
    assert {one.fault for one in request.steps.all()} == {"", "invalid"}
    with uses.own(person=person):
        assert Element.objects.get(person=person, category=EMAIL).value == ADA


def test_what_cannot_be_corrected_is_refused_before(company: Company) -> None:
    person = company.writes(ADA)
    with pytest.raises(Invalid, match="nothing of this kind"):
        asked("correction", person, changes={"phone_number": "+1 604 555 0100"})


def test_a_restricted_person_is_kept_and_not_used(company: Company) -> None:
    person = company.writes(ADA)
    assert done("restriction", person).state == "done"
    for purpose in ("support", "offers", "repair"):
        with (
            pytest.raises(UseDenied),
            uses.use(actor=WORKER, purpose=purpose, person=person, data=[EMAIL]),
        ):
            pass
        assert not audiences.audience(purpose=purpose, data=[EMAIL]).exists()
        with (
            pytest.raises(UseDenied),
            uses.use_many(actor=WORKER, purpose=purpose, data=[EMAIL], people=[person.pk]),
        ):
            pass
    with uses.use(actor=WORKER, purpose="support", person=person):
        assert not [one for one in Element.objects.all() if isinstance(one.value, str)]
    with uses.search(actor=WORKER, purpose="support", category=EMAIL):
        assert search(EMAIL, ADA) == []
    again = company.writes(ADA, "Something new")
    assert again == person, "what they send is stored with their record"
    assert not audiences.audience(purpose="support", data=[MESSAGE]).exists()
    release(person, actor=WORKER)
    assert audiences.audience(purpose="support", data=[EMAIL, MESSAGE]).exists()


def test_an_objection_acts_on_all_that_may_be_objected_to(company: Company) -> None:
    person = company.writes(ADA)
    assert audiences.audience(purpose="offers", data=[EMAIL]).exists()
    assert done("objection", person).state == "done"
    assert not audiences.audience(purpose="offers", data=[EMAIL]).exists()
    assert audiences.audience(purpose="support", data=[EMAIL]).exists()


def test_a_withdrawal_takes_back_every_yes_and_no_more(company: Company) -> None:
    person = company.writes(ADA)
    choose(person, actor=WORKER, purpose="news", yes=True, way="test")
    assert audiences.audience(purpose="news", data=[EMAIL]).exists()
    assert done("withdrawal", person).state == "done"
    assert not audiences.audience(purpose="news", data=[EMAIL]).exists()
    assert audiences.audience(purpose="offers", data=[EMAIL]).exists(), "no yes was given to these"


def test_a_withdrawal_may_name_one_purpose(company: Company) -> None:
    person = company.writes(ADA)
    for purpose in ("news", "offers"):
        choose(person, actor=WORKER, purpose=purpose, yes=True, way="test")
    assert done("withdrawal", person, purposes=("offers",)).state == "done"
    assert not audiences.audience(purpose="offers", data=[EMAIL]).exists()
    assert audiences.audience(purpose="news", data=[EMAIL]).exists()


def test_a_removal_takes_them_off_what_everybody_sees(company: Company) -> None:
    person = company.writes(ADA)
    shown = {"purpose": "offers", "data": [NAME], "to": "everybody"}
    assert audiences.audience(**shown).exists()
    assert done("removal", person).state == "done"
    assert not audiences.audience(**shown).exists()
    with (
        pytest.raises(UseDenied),
        uses.use(actor=WORKER, person=person, **shown),
    ):
        pass
    assert audiences.audience(purpose="offers", data=[EMAIL]).exists(), "offers go on"


def test_portability_gives_what_access_gives(company: Company) -> None:
    person = company.writes(ADA, "My own words")
    request = done("portability", person)
    assert request.state == "done"
    with zipfile.ZipFile(io.BytesIO(rights.package(request))) as archive:
        data = json.loads(archive.read("your-data.json"))
    assert {"My own words", ADA} <= {record["value"] for record in data["records"]
                                     if isinstance(record["value"], str)}  # fmt: skip


def test_a_complaint_is_a_case_with_a_history(company: Company) -> None:
    request = rights.ask(
        "complaint",
        actor=WORKER,
        way="mail",
        content=rights.Content(words="You are slow.", reply_to=ADA),
    )
    assert (request.state, request.clause) == ("open", "5.6")
    with pytest.raises(Invalid):
        rights.approve(request, actor=WORKER)
    assert rights.read_content(request, actor=WORKER).words == "You are slow."
    rights.wait_for(request, actor=WORKER, reason="more-to-know")
    rights.resume(request, actor=WORKER)
    rights.settle(request, actor=WORKER, outcome="answered")
    assert [one.what for one in request.events.all()] == ["received", "paused", "resumed", "done"]
    with clock.at(clock.now() + timedelta(days=31)):
        assert empty_closed() == 1
    request.refresh_from_db()
    assert rights.read_content(request, actor=WORKER) == rights.Content()


def test_the_clock_runs_stands_and_is_late(company: Company) -> None:
    person = company.writes(ADA)
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with clock.at(noon):
        request = rights.ask("access", actor=WORKER, way="account", person=person)
        assert request.due_at is not None
        assert request.due_at.date().isoformat() == "2026-04-01"
        rights.wait_for(request, actor=WORKER, reason="document")
    with clock.at(noon + timedelta(days=40)):
        assert not rights.overdue().exists()
        rights.resume(request, actor=WORKER)
        assert request.due_at.date().isoformat() == "2026-05-11"
        rights.extend(request, actor=WORKER, reason="many-records")
    with clock.at(noon + timedelta(days=60)):
        assert not rights.overdue().exists()
    with clock.at(noon + timedelta(days=200)):
        assert rights.overdue().get() == request
        rights.refuse(request, actor=WORKER, reason="withdrawn-by-mail")
        assert not rights.overdue().exists()


class Elsewhere:
    """A source that can be out of reach, or badly described."""

    key, label = "elsewhere", "Elsewhere"

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault, self.left, self.seen = fault, 1, dict[str, tuple[str, ...]]()

    def steps(self, kind: str) -> tuple[str, ...]:
        return ("erase",) if kind == "deletion" else ()

    def plan(self, kind: str, subject: Subject, changes: object) -> list[Planned]:
        if self.fault:
            raise self.fault
        return []

    def run(self, step: str, kind: str, subject: Subject, changes: object) -> int:
        self.seen, self.left = dict(subject.identifiers), 0
        return 1

    def found(self, subject: Subject) -> list[Found]:
        return []

    def check(self, kind: str, subject: Subject, changes: object) -> list[Left]:
        return [Left("table", "", self.left)] if self.left and kind == "deletion" else []


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    source = Elsewhere()
    monkeypatch.setattr(sources, "_providers", [lambda: [source]])
    return source


def test_a_source_out_of_reach_keeps_it_open_and_is_named(
    company: Company, elsewhere: Elsewhere
) -> None:
    person = company.writes(ADA)
    elsewhere.fault = SourceMissing("It does not answer.")
    request = done("deletion", person)
    assert request.state == "stuck"
    step = request.steps.get(state="failed")
    assert (step.name, step.fault) == ("plan", "unreachable")
    assert Element.objects.filter(person=person).count() == 3, "nothing has changed yet"
    elsewhere.fault = None
    with clock.at(clock.now() + timedelta(hours=1)):
        assert rights.take_up() == 1
    request.refresh_from_db()
    assert request.state == "done"
    assert elsewhere.seen == {EMAIL: (ADA,)}, "known there after the key went here"


def test_a_bad_description_is_refused_before_anything_changes(
    company: Company, elsewhere: Elsewhere
) -> None:
    person = company.writes(ADA)
    elsewhere.fault = SourceInvalid("The field note has no replacement.")
    with pytest.raises(SourceInvalid):
        asked("deletion", person)
    assert rights.of(person).get().state == "open"
    assert Element.objects.filter(person=person).count() == 3
