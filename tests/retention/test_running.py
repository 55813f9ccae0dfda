"""Retention runs: what is due goes by its clause, nothing else does, and nobody is surprised."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.conftest import WORKER, Company
from troth.core import clock
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.gate.denials import UseDenied
from troth.core.gate.merging import merge, unmerge
from troth.core.gate.purging import purge_all
from troth.core.keyring.models import Key
from troth.core.ledger.api import sequence, verify
from troth.core.ledger.models import Entry
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.retention import api, running
from troth.core.retention.models import Run
from troth.core.retention.schedules import over
from troth.core.rights.models import Tally
from troth.policy.periods import Period

DAY = timedelta(days=1)
OWNER = replace(Actor.system("cli"))
ON_SQLITE = pytest.mark.parametrize("company", ["sqlite"], indirect=True)
"""Where nothing is asked of the database that the tests on both do not ask."""
PHONE = "user.contact.phone_number"


def write(company: Company, number: int, at: datetime, message: str = "") -> Person:
    with clock.at(at):
        return company.visitor_writes(f"p{number}@people.example", phone=f"+44 20 7946 {number:04}")


def names() -> set[str]:
    return set(Element.objects.values_list("category", flat=True))


def test_what_is_due_goes_by_its_clause_and_nothing_else(keeping: Company) -> None:
    now = datetime.now(UTC)
    old, new = write(keeping, 1, now - 800 * DAY), write(keeping, 2, now - 10 * DAY)
    run = api.run_now()
    assert (run.state, run.due) == (Run.State.DONE, 2)  # name and address; the phone is kept
    left = set(Element.objects.filter(person=old).values_list("category", flat=True))
    assert left == {PHONE}
    assert Element.objects.filter(person=new).count() == 3
    assert [part.clause for part in run.parts.all()] == ["4.1"]
    assert run.parts.get().done == 2
    assert api.run_now().due == 0
    sequence()
    assert verify(keeping.organisation).holds


def test_a_contract_that_ended_locks_and_a_new_one_holds_it_back(keeping: Company) -> None:
    now = datetime.now(UTC)
    person = write(keeping, 1, now - 20 * DAY)
    api.close(person, actor=WORKER, what="contract", at=now - 9 * DAY)
    assert api.run_now().due == 0
    with clock.at(now + 2 * DAY):
        assert api.run_now().due == 1
    phone = Element.objects.get(category=PHONE)
    assert phone.locked_at is not None
    with (
        pytest.raises(UseDenied),
        uses.use(actor=WORKER, purpose="offers", person=person, data=[PHONE]),
    ):
        pass
    with clock.at(now + 3 * DAY):
        assert api.run_now().due == 0, "what is locked already is not due again"


@ON_SQLITE
def test_a_contract_goes_on_for_both_records_of_one_human(keeping: Company) -> None:
    now = datetime.now(UTC)
    gone, stays, later = (write(keeping, number, now - 40 * DAY) for number in (1, 2, 3))
    for person, days in ((gone, 30), (later, 2)):
        api.close(person, actor=WORKER, what="contract", at=now - days * DAY)
    api.stand(stays, standing="current", actor=WORKER, cause="registered")
    assert due() == {gone.pk}
    merge(gone, into=stays, actor=WORKER)
    assert due() == set(), "they are a client"
    unmerge(Person.objects.get(pk=gone.pk), actor=WORKER)
    assert due() == {gone.pk}
    merge(Person.objects.get(pk=gone.pk), into=later, actor=WORKER)
    assert due() == set(), "what ended last counts"


@ON_SQLITE
def test_a_contract_that_begins_anew_is_on_the_ledger(keeping: Company) -> None:
    person = write(keeping, 1, datetime.now(UTC))
    for standing in ("current", "former", "current", "current"):
        api.stand(person, standing=standing, actor=WORKER, cause="registered")
    sequence()
    acts = Entry.objects.filter(act__startswith="retention.").order_by("position")
    assert list(acts.values_list("act", flat=True)) == ["retention.closed", "retention.reopened"]


def due() -> set[object]:
    """Whose phone number is over."""
    published = current()
    keep = next(one for one in published.rules.policy.keeps if one.clause == "4.3")
    found = Element.objects.filter(over(keep, published, clock.now()), category=PHONE)
    return set(found.values_list("person_id", flat=True))


@ON_SQLITE
def test_depersonalised_values_leave_a_number(keeping: Company) -> None:
    now = datetime.now(UTC)
    person = write(keeping, 1, now - 40 * DAY)
    Element.objects.filter(person=person, category="user.name").update(
        category="user.content.private"
    )
    api.run_now()
    assert "user.content.private" not in names()
    assert list(Tally.objects.values_list("category", "count")) == [("user.content.private", 1)]


def test_a_hold_stops_runs_and_erasure_until_it_ends(keeping: Company) -> None:
    now = datetime.now(UTC)
    person = write(keeping, 1, now - 800 * DAY)
    hold = api.set_hold(actor=OWNER, ground="claim", ends_at=now + 5 * DAY, person=person)
    assert api.run_now().due == 0
    with pytest.raises(api.HeldDenied, match="legal hold") as caught:
        purge_all([person.root_id])
    assert "claim" in caught.value.why
    assert Key.objects.filter(owner=person.pk).exists()
    with clock.at(now + 6 * DAY):
        assert api.run_now().due == 2
    api.lift_hold(hold, actor=OWNER)
    assert not api.standing()


@ON_SQLITE
@pytest.mark.parametrize("where", [{"category": "user.name"}, {"touchpoint": "forms.contact"}])
def test_a_hold_may_cover_a_category_or_a_place(keeping: Company, where: dict[str, str]) -> None:
    now = datetime.now(UTC)
    write(keeping, 1, now - 800 * DAY)
    api.set_hold(actor=OWNER, ground="authority", ends_at=now + DAY, **where)
    assert api.run_now().due == (1 if "category" in where else 0)
    assert "user.name" in names()


@ON_SQLITE
def test_a_run_that_would_end_too_much_waits_for_somebody(
    keeping: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "FEW", 3)
    now = datetime.now(UTC)
    for number in range(3):
        write(keeping, number, now - 800 * DAY)
    run = api.run_now()
    assert (run.state, run.due) == (Run.State.STOPPED, 6)
    assert Element.objects.count() == 9, "nothing was done"
    later = api.run_now()
    run.refresh_from_db()
    assert run.state == Run.State.DROPPED
    nobody = Actor("staff", "0" * 32, abilities=frozenset())
    with pytest.raises(Exception, match="role does not allow"):
        api.confirm(later, actor=nobody)
    api.confirm(later, actor=OWNER)
    assert api.go_on(later).state == Run.State.DONE
    assert names() == {PHONE}


@ON_SQLITE
def test_a_run_that_was_cut_short_is_taken_up(
    keeping: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    now = datetime.now(UTC)
    for number in range(3):
        write(keeping, number, now - 800 * DAY)
    run = running.start()
    real, calls = running.end_batch, list[int]()

    def falls_over(*args: object, **kwargs: object) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "end_batch", falls_over)
    with pytest.raises(KeyboardInterrupt):
        api.go_on(run)
    api.daily()
    run.refresh_from_db()
    assert run.state == Run.State.DONE
    assert sum(run.parts.values_list("done", flat=True)) == 6


def test_people_of_whom_nothing_is_left_go_with_their_key(company: Company) -> None:
    now = datetime.now(UTC)
    person = write(company, 1, now - 800 * DAY)
    staying = write(company, 2, now - DAY)
    run = api.run_now()
    assert run.people == 1
    assert list(Person.objects.all()) == [staying]
    assert not Key.objects.filter(owner=person.pk).exists()


@ON_SQLITE
def test_the_preview_says_what_goes_next_month(keeping: Company) -> None:
    now = datetime.now(UTC)
    write(keeping, 1, now - 715 * DAY)
    due_now, due_then = api.preview(days=31)
    assert due_now.due == 0
    assert [(line.keep.clause, line.due, line.why) for line in due_then.lines] == [
        ("4.1", 2, "kept 2 years after last contact")
    ]
    assert Element.objects.count() == 3


@pytest.mark.parametrize("text", ["30 days", "1 month", "2 years", "36 hours", "10 business days"])
def test_the_latest_start_is_the_last_moment_that_is_over(text: str) -> None:
    from troth.core.retention.moments import latest_start  # noqa: PLC0415

    period = Period.parse(text)
    for now in (
        datetime(2024, 3, 31, 12, tzinfo=UTC),
        datetime(2025, 1, 1, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 2, 28, 23, 59, tzinfo=UTC),
    ):
        start = latest_start(period, now, "CA-BC")
        assert (
            period.due(start, "CA-BC")
            <= now
            < period.due(start + 2 * timedelta(seconds=1), "CA-BC")
        )
