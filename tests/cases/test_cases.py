"""What a case opens and when, who may approve it, who hears of its end, when it is forgotten."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest

from core.conftest import WORKER, Company
from troth.channels.cases import telling
from troth.core import clock
from troth.core.actors import AbilityDenied, Actor
from troth.core.cases import api as cases, hooks, transferring
from troth.core.cases.api import Case, CaseDenied, CaseInvalid
from troth.core.cases.forgetting import KEPT, forget_past
from troth.core.choices.deciding import choose
from troth.core.gate import uses
from troth.core.gate.denials import UseDenied
from troth.core.keyring.models import Key
from troth.core.ledger.api import timeline
from troth.core.people.models import Person
from troth.core.rights.tellings import recipients_of
from troth.kit.outbox.api import Message

ORDERED = (
    'for = ["repair"]\ntext',
    'for = ["repair"]\ngrounds = ["court-order"]\nneeds = ["document", "second-approver"]\ntext',
)
SOLD = (
    'for = ["repair"]\ntext',
    (
        'for = ["repair"]\nchoice = "opt-out"\nwindow = "30 days"\ngrounds = ["sale"]\n'
        'needs = ["notice-to-each-person", "second-approver"]\ntext'
    ),
)
OPENER = Actor("staff", "1" * 32, abilities=frozenset({"cases.open", "cases.approve"}))
SECOND = Actor("staff", "2" * 32, abilities=frozenset({"cases.approve"}))
NAME, EMAIL = "user.name", "user.contact.email"
WORDS = {"authority": "Harbour Court", "judgement": "It is valid."}


def drafted(*people: Person, categories: tuple[str, ...] = (NAME,), silent: int = 0) -> Case:
    now = clock.now()
    [clause] = [one.clause for one in cases.openable()]
    case = cases.draft(
        actor=OPENER,
        clause=clause,
        recipient="yard",
        ground="court-order",
        categories=categories,
        ends_at=now + timedelta(days=30),
        silent_until=now + timedelta(days=silent) if silent else None,
        words=WORDS,
        people=people,
    )
    cases.add_document(case, actor=OPENER, name="order.pdf", content=b"%PDF-1.4 an order")
    return case


def approved(*people: Person, silent: int = 0) -> Case:
    case = drafted(*people, silent=silent)
    cases.submit(case, actor=OPENER)
    cases.approve(case, actor=SECOND)
    return case


def opens(person: Person, case: Case | None, category: str = NAME) -> str:
    """Why the gate refuses, or nothing."""
    ref = case.ref if case else ""
    try:
        with uses.use(
            actor=WORKER, purpose="repair", person=person, data=[category], to="yard", case=ref
        ):
            return ""
    except UseDenied as denied:
        return denied.attempt.reason


def test_a_case_opens_what_it_covers_once_it_is_approved(company: Company) -> None:
    ada, bea = (company.visitor_writes(f"{name}@marsh.example") for name in ("ada", "bea"))
    company.publish("2", ORDERED)
    assert opens(ada, None) == "ground-missing"
    case = drafted(ada)
    assert opens(ada, case) == "case-not-approved"
    cases.submit(case, actor=OPENER)
    with pytest.raises(CaseDenied):
        cases.approve(case, actor=OPENER)
    assert opens(ada, case) == "case-not-approved"
    cases.approve(case, actor=SECOND)
    assert opens(ada, case) == ""
    assert opens(bea, case) == "case-scope"
    assert opens(ada, case, EMAIL) == "case-scope"
    with clock.at(clock.now() + timedelta(days=31)):
        assert opens(ada, case) == "case-over"
    cases.close(case, actor=OPENER, outcome="withdrawn")
    assert opens(ada, case) == "case-over"


def test_what_is_missing_is_said_and_nobody_opens_one_who_may_not(company: Company) -> None:
    ada = company.visitor_writes("ada@marsh.example")
    company.publish("2", ORDERED)
    case = drafted(ada)
    case.documents.all().delete()
    assert cases.lacking(case) == ["document", "second-approver"]
    with pytest.raises(CaseInvalid, match="the document"):
        cases.submit(case, actor=OPENER)
    with pytest.raises(AbilityDenied):
        cases.open_case("legal", actor=SECOND)
    with pytest.raises(AbilityDenied):
        cases.read(case, actor=Actor("staff", "3" * 32))


def test_a_silent_case_is_on_nobodys_record_until_it_may_be(company: Company) -> None:
    ada = company.visitor_writes("ada@marsh.example")
    company.publish("2", ORDERED)
    case = approved(ada, silent=10)

    def told() -> set[str]:
        lines = timeline(company.organisation, ada.ref).lines
        return {line.act for line in lines} & {"gate.disclosed", "cases.told"}

    cases.bundle(case, actor=OPENER)
    with pytest.raises(CaseInvalid, match="already"):
        cases.bundle(case, actor=OPENER)
    assert cases.tell_due() == 0
    assert told() == set()
    with clock.at(clock.now() + timedelta(days=11)):
        assert cases.tell_due() == 1
        assert cases.tell_due() == 0
        assert told() == {"gate.disclosed", "cases.told"}


def test_a_remedy_ends_with_words_and_who_hears_may_keep_it_open(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []

    def hear(case: Case, _actor: Actor) -> None:
        heard.append(case.about)
        if len(heard) == 1:
            raise CaseInvalid("Not yet.")

    monkeypatch.setattr(hooks, "_on_closed", {"remedy": [hear]})
    given = {"actor": WORKER, "about": "recipient.yard", "recipient": "yard"}
    case = cases.open_case("remedy", **given)  # type: ignore[arg-type]
    assert cases.open_case("remedy", **given) == case  # type: ignore[arg-type]
    with pytest.raises(CaseInvalid, match="put right"):
        cases.close(case, actor=OPENER, outcome="remedied")
    with pytest.raises(CaseInvalid, match="Not yet"):
        cases.close(case, actor=OPENER, outcome="remedied", words="The copies are gone.")
    assert cases.by_ref(case.ref).state == "open"
    cases.close(case, actor=OPENER, outcome="remedied", words="The copies are gone.")
    assert heard == ["recipient.yard"] * 2
    assert cases.by_ref(case.ref).state == "closed"
    assert company.organisation.pk == case.organisation_id


def test_telling_goes_on_where_it_stopped_and_tells_everybody_once(company: Company) -> None:
    people = [company.visitor_writes(f"{name}@marsh.example") for name in ("ada", "bea", "cem")]
    case = cases.open_case(
        "transfer",
        actor=OPENER,
        ground="sale",
        recipient="yard",
        purpose="repair",
        categories=[EMAIL],
    )
    Case.objects.filter(pk=case.pk).update(state="open", begun_at=clock.now())
    case.refresh_from_db()
    while telling.tell_some(case.pk):
        pass
    assert transferring.gather(case) == 0
    assert not telling.tell_some(case.pk)
    sent = Message.objects.filter(kind=telling.KIND, record=case.pk)
    assert sorted(sent.values_list("person_id", flat=True)) == sorted(one.pk for one in people)


def test_what_was_written_goes_with_its_key_and_the_case_stays(company: Company) -> None:
    ada = company.visitor_writes("ada@marsh.example")
    company.publish("2", ORDERED)
    case = approved(ada)
    cases.close(case, actor=OPENER, outcome="done")
    with clock.at(clock.now() + KEPT - timedelta(days=1)):
        assert forget_past() == 0
    assert Key.objects.filter(owner=case.pk).exists()
    with clock.at(clock.now() + KEPT + timedelta(days=1)):
        assert forget_past() == 1
        assert forget_past() == 0
    assert not Key.objects.filter(owner=case.pk).exists()
    left = cases.by_ref(case.ref)
    assert (left.state, left.ground, left.documents.count()) == ("closed", "court-order", 0)
    assert cases.read(left, actor=OPENER) == {}


def test_a_denial_under_a_silent_case_is_on_nobodys_record_either(company: Company) -> None:
    ada = company.visitor_writes("ada@marsh.example")
    company.publish("2", ORDERED)
    choose(ada, actor=WORKER, purpose="repair", manner="to.yard", yes=False, way="link")
    cases.bundle(approved(ada, silent=10), actor=OPENER)
    lines = timeline(company.organisation, ada.ref).lines
    assert "gate.denied" not in {line.act for line in lines}
    with clock.at(clock.now() + timedelta(days=11)):
        lines = timeline(company.organisation, ada.ref).lines
        assert "gate.denied" in {line.act for line in lines}


def test_pages_of_a_timeline_are_full_and_name_nothing_that_is_kept_silent(
    company: Company,
) -> None:
    ada = company.visitor_writes("ada@marsh.example")
    company.publish("2", ORDERED)
    cases.bundle(approved(ada, silent=10), actor=OPENER)
    for _ in range(4):
        opens(ada, None)
    everything = timeline(company.organisation, ada.ref).lines
    paged, before = [], None
    while True:
        page = timeline(company.organisation, ada.ref, before=before, limit=1)
        paged += page.lines
        before = page.older
        if before is None:
            break
        assert len(page.lines) == 1
        assert before in {line.id for line in everything}
    assert paged == list(everything)


def test_a_deletion_does_not_name_who_got_data_under_a_silent_case(company: Company) -> None:
    ada = company.visitor_writes("ada@marsh.example")
    company.publish("2", ORDERED)
    cases.bundle(approved(ada, silent=10), actor=OPENER)
    assert recipients_of([ada.pk]) == {}
    with clock.at(clock.now() + timedelta(days=11)):
        assert recipients_of([ada.pk]) == {"yard": "3.1"}


def test_a_case_that_was_not_approved_does_not_even_say_that_nothing_is_held(
    company: Company,
) -> None:
    ada = company.visitor_writes("ada@marsh.example")
    company.publish("2", ORDERED)
    case = drafted(ada)
    Case.objects.filter(pk=case.pk).update(since=clock.now() + timedelta(days=1))
    with pytest.raises(UseDenied) as denied:
        cases.bundle(case, actor=OPENER)
    assert denied.value.attempt.reason == "case-not-approved"
    assert cases.by_ref(case.ref).given_at is None


def test_words_of_a_case_without_a_form_go_too(company: Company) -> None:
    case = cases.open_case("remedy", actor=WORKER, about="recipient.yard", recipient="yard")
    cases.close(case, actor=OPENER, outcome="remedied", words="The copies are gone.")
    assert Key.objects.filter(owner=case.pk).exists()
    with clock.at(clock.now() + KEPT + timedelta(days=1)):
        assert forget_past() == 1
        assert forget_past() == 0
    assert not Key.objects.filter(owner=case.pk).exists()
    assert company.organisation.pk == case.organisation_id


def test_who_refused_the_new_owner_stays_and_stops_nobody_else(company: Company) -> None:
    goes, stays = (company.visitor_writes(f"{name}@marsh.example") for name in ("ada", "bea"))
    company.publish("2", SOLD, ('kind = "processor"', 'kind = "successor"'))
    [clause] = [one.clause for one in cases.openable()]
    case = cases.draft(
        actor=OPENER,
        clause=clause,
        recipient="yard",
        ground="sale",
        categories=[NAME],
        ends_at=clock.now() + timedelta(days=90),
        words={"acquirer": "Tidewater", "moves": "Names."},
    )
    cases.submit(case, actor=OPENER)
    cases.approve(case, actor=SECOND)
    transferring.begin(case, actor=OPENER)
    assert transferring.gather(case) == 2
    for concern in case.concerns.all():
        transferring.told(concern, actor=OPENER, way="post")
    choose(stays, actor=WORKER, purpose="repair", manner="to.yard", yes=False, way="link")
    with clock.at(clock.now() + timedelta(days=31)):
        packed = cases.export(case, actor=OPENER)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        [line] = archive.read("people.jsonl").decode().splitlines()
    assert json.loads(line)["person"] == goes.ref
    states = dict(case.concerns.values_list("person_id", "state"))
    assert states == {goes.pk: "given", stays.pk: "told"}
