"""An erasure: nothing opens any more, and what a law keeps is locked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rights.conftest import EMAIL, NAME, SHOP, WORKER, Company, asked, done
from troth.core.choices.deciding import choose
from troth.core.choices.suppression import suppressed
from troth.core.errors import Denied, Invalid
from troth.core.gate import audiences, uses
from troth.core.gate.denials import UseDenied
from troth.core.keyring.models import Key
from troth.core.ledger.api import timeline
from troth.core.people.models import Element, Person
from troth.core.people.records import search
from troth.core.rights import api as rights
from troth.core.rights.emptying import empty_closed
from troth.core.rights.models import Tally, Telling
from troth.core.sealing.sealed import Sealed

ADA = "ada@marsh.example"


def test_an_erased_person_is_gone_and_read_back(company: Company) -> None:
    person, other = company.writes(ADA), company.writes("bea@marsh.example")
    ref = person.ref
    request = done("deletion", person)
    assert (request.state, request.outcome, request.person_id) == ("done", "done", None)
    assert list(Person.objects.all()) == [other]
    assert not Element.objects.exclude(person=other).exists()
    assert set(Key.objects.filter(kind="person").values_list("owner", flat=True)) == {
        other.pk,
        request.pk,
    }, "the other person's, and the request's own until it was answered"
    said = [line.sentence() for line in timeline(company.organisation, ref).lines]
    assert any("keys of your data were destroyed" in one for one in said)
    assert said[0] == "A request was done: deletion"
    tally = Tally.objects.get()
    assert (tally.touchpoint, tally.category, tally.month, tally.count) == (
        *("other", "user.content.private", "other"),
        1,
    ), "a small group is merged, so that it leads to nobody"
    rights.answered(request)
    assert empty_closed() == 1
    assert set(Key.objects.filter(kind="person").values_list("owner", flat=True)) == {other.pk}


def test_the_plan_is_read_before_anything_changes(company: Company) -> None:
    company.writes(ADA)
    person = company.buys(ADA)
    company.tells_the_yard(person)
    request = rights.ask("deletion", actor=WORKER, way="post", person=person)
    with pytest.raises(Invalid):
        rights.approve(request, actor=WORKER)
    rights.prove(request, actor=WORKER, how="document")
    lines = {(one.place, one.category): one for one in rights.plan(request)}
    assert lines["Ask us", MESSAGE_].does == "depersonalised"
    locked = lines["Buy a repair", NAME]
    assert (locked.does, locked.clause, "tax office" in locked.why) == ("locked", "4.3", True)
    assert lines["Buy a repair", "user.payment"].does == "erased"
    assert lines["yard", "user"].does == "passed-on"
    assert Element.objects.count() == 7


MESSAGE_ = "user.content.private"


def test_what_a_law_keeps_is_locked_from_all_but_the_law(company: Company) -> None:
    company.writes(ADA)
    person = company.buys(ADA)
    before = set(Key.objects.filter(owner=person.pk).values_list("pk", flat=True))
    request = done("deletion", person)
    assert request.state == "done"
    kept = Element.objects.filter(person=person)
    assert {(one.touchpoint, one.category) for one in kept} == {
        (SHOP, NAME),
        (SHOP, "user.contact.address"),
    }
    assert all(one.locked_at and one.index is None and not one.identifies for one in kept)
    after = set(Key.objects.filter(owner=person.pk).values_list("pk", flat=True))
    assert len(after) == 1, "what stays has a key of its own"
    assert not before & after
    with uses.use(actor=WORKER, purpose="legal", person=person, data=[NAME]):
        assert [one.value for one in kept if one.category == NAME] == ["Ada Invoice"]
    with (
        pytest.raises(UseDenied),
        uses.use(actor=WORKER, purpose="invoicing", person=person, data=[NAME]),
    ):
        pass
    assert not audiences.audience(purpose="invoicing", data=[NAME]).exists()
    assert not audiences.audience(purpose="offers", data=[EMAIL]).exists()
    with uses.search(actor=WORKER, purpose="legal", category=NAME):
        assert search(NAME, "Ada Invoice") == []


def test_a_locked_value_stays_sealed_even_in_a_use_that_opens_its_like(company: Company) -> None:
    person = company.buys(ADA)
    Element.objects.filter(person=person, category=NAME).update(locked_at=datetime.now(UTC))
    with uses.use(actor=WORKER, purpose="invoicing", person=person):
        found = {one.category: one.value for one in Element.objects.filter(person=person)}
    assert isinstance(found[NAME], Sealed)
    assert found[EMAIL] == ADA


def test_whoever_comes_back_by_themselves_starts_anew(company: Company) -> None:
    person = company.writes(ADA)
    choose(person, actor=WORKER, purpose="offers", yes=False, way="preferences")
    company.buys(ADA)
    done("deletion", person)
    with uses.search(actor=WORKER, purpose="support", category=EMAIL):
        assert suppressed(EMAIL, ADA) == {"*": {"erased"}, "offers": {"refused"}}
    again = company.writes(ADA)
    assert again.pk != person.pk, "the record of the invoice is not found"
    assert not audiences.audience(purpose="offers", data=[EMAIL]).exists()
    assert audiences.audience(purpose="support", data=[EMAIL]).get().person_id == again.pk


def test_a_merged_person_is_erased_on_all_records(company: Company) -> None:
    from troth.core.gate.merging import merge  # noqa: PLC0415

    one, two = company.writes(ADA), company.buys("ada@other.example")
    merge(one, into=two, actor=WORKER)
    assert done("deletion", Person.objects.get(pk=two.pk)).state == "done"
    assert not Element.objects.filter(locked_at=None).exists()
    assert Element.objects.filter(person=two).count() == 2
    again = company.writes(ADA)
    assert again.pk not in (one.pk, two.pk)


def test_recipients_are_told_and_their_answers_tracked(company: Company) -> None:
    person = company.writes(ADA)
    company.tells_the_yard(person)
    request = done("deletion", person)
    telling = rights.tellings_due().get()
    assert (telling.recipient, telling.request) == ("yard", request)
    rights.told(telling, actor=WORKER)
    assert not rights.tellings_due().exists(), "it has time to answer"
    rights.answered(request)
    assert empty_closed() == 0, "it may have to be asked again"
    rights.was_answered(telling, actor=WORKER, done=True)
    assert Telling.objects.get().state == "done"
    assert empty_closed() == 1


def test_nobody_deletes_somebody_else(company: Company) -> None:
    person, other = company.writes(ADA), company.writes("bea@marsh.example")
    stranger = rights.Request.objects
    from troth.core.actors import Actor  # noqa: PLC0415

    request = rights.ask("deletion", actor=Actor.visitor(), way="form", person=person)
    assert (request.state, request.due_at) == ("unproven", None)
    rights.prove(request, actor=WORKER, how="link")
    with pytest.raises(Denied):
        rights.approve(request, actor=Actor("person", other.ref, person_id=other.pk))
    assert stranger.get().state == "open"


def test_reading_back_refuses_to_call_it_done(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    from troth.core.rights.own import source  # noqa: PLC0415

    person = company.writes(ADA)
    request = asked("deletion", person)
    with monkeypatch.context() as broken:
        broken.setattr(source.erasing, "remove_rows", lambda _: 0)
        rights.fulfil(request, actor=WORKER)
    assert request.state == "stuck"
    steps = {step.name: (step.state, step.fault) for step in request.steps.all()}
    assert steps["check"] == ("failed", "left")
    assert rights.fulfil(request, actor=WORKER).state == "done"
    assert not Person.objects.exists()


def test_other_requests_of_theirs_go_too(company: Company) -> None:
    person = company.writes(ADA)
    waits = rights.ask(
        "access", actor=WORKER, way="mail", person=person, content=rights.Content(words="Mine?")
    )
    complaint = rights.ask(
        "complaint", actor=WORKER, way="mail", person=person, content=rights.Content(words="Slow")
    )
    rights.settle(complaint, actor=WORKER, outcome="answered")
    request = done("deletion", person)
    for other in (waits, complaint):
        other.refresh_from_db()
        assert (other.person_id, other.ended) == (None, True)
        assert rights.read_content(other, actor=WORKER) == rights.Content()
    assert set(Key.objects.filter(kind="person").values_list("owner", flat=True)) == {request.pk}
