"""What the policy, the people's choices and the clock have to say about a list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from imports.conftest import SYSTEM, policy
from imports.desk import Desk, lines, run_tasks, words
from support.seeded import Seed
from troth.channels.imports import pieces, running
from troth.channels.imports.api import Keeper
from troth.channels.imports.models import Import
from troth.core import clock
from troth.core.choices.deciding import choose
from troth.core.choices.suppression import suppress
from troth.core.gate import uses
from troth.core.gate.audiences import audience
from troth.core.keyring.models import Key
from troth.core.notices.publish import publish
from troth.core.people.models import Person

EMAIL = "user.contact.email"
HEAD = "E-mail,Full name,Permission"
ASKING_NOBODY = (
    'for = ["newsletter", "panels", "preferences"]\nsource = "company"',
    'for = ["newsletter", "panels"]\nsource = "company"',
)
"""A list for purposes under which nobody can be written to before they said yes."""
NEWER = ('version = "2015-01-01"', 'version = "2016-01-01"')
OPTIONAL = (
    'required = ["email", "permission"]\noptional = ["name"]',
    'required = ["email"]\noptional = ["name", "permission"]',
)
OPT_OUT = (
    'label = "Our newsletter"\nbasis = "opt-in"',
    'label = "Our newsletter"\nbasis = "opt-out"',
)
GONE = ('at = "import.people"', 'at = "import.others"')


def people() -> Any:
    return Person.objects.filter(users=None)


def row(seed: Seed, proof: str = "Fair 2014") -> str:
    return f"{seed.email},{seed.name},{proof}"


def reaches() -> int:
    return audience(purpose="newsletter", data=[EMAIL]).count()


def test_without_proof_people_are_kept_where_the_clause_allows_and_not_mailed(desk: Desk) -> None:
    publish(policy(NEWER, OPTIONAL), actor=SYSTEM)
    run = desk.let_in(lines(HEAD, row(Seed.new(), ""), row(Seed.new())))
    assert (run.new, run.unproved, run.asked) == (2, 1, 1)
    assert reaches() == 0


def test_what_goes_on_unless_refused_is_refused_for_them_too(desk: Desk) -> None:
    publish(policy(NEWER, OPTIONAL, OPT_OUT), actor=SYSTEM)
    bare, proved = Seed.new(), Seed.new()
    desk.let_in(lines(HEAD, row(bare, ""), row(proved)))
    assert reaches() == 1
    desk.let_in(lines(HEAD, row(proved, "")))  # who may be written to already stays so
    assert reaches() == 1


def test_without_a_purpose_to_ask_under_nobody_is_asked_and_the_page_says_so(desk: Desk) -> None:
    publish(policy(NEWER, ASKING_NOBODY), actor=SYSTEM)
    run = desk.rehearse(desk.bring(lines(HEAD, row(Seed.new()))))
    assert "Nobody can be asked" in desk.page(run)
    desk.start(run)
    run_tasks()
    run.refresh_from_db()
    assert (run.new, run.asked, reaches()) == (1, 0, 0)


def test_one_who_took_it_back_is_not_asked_again(desk: Desk) -> None:
    seed = Seed.new()
    desk.let_in(lines(HEAD, row(seed)))
    for purpose in ("newsletter", "panels"):
        choose(people().get(), actor=SYSTEM, purpose=purpose, yes=False, way="preferences")
    run = desk.let_in(lines(HEAD, row(seed)))
    assert (run.known, run.asked, reaches()) == (1, 0, 0)


def test_the_erased_do_not_come_back_and_the_unsubscribed_are_not_asked(desk: Desk) -> None:
    erased, unsubscribed = Seed.new(), Seed.new()
    with uses.search(actor=SYSTEM, purpose="preferences", category=EMAIL):
        suppress(EMAIL, erased.email, reason="erased")
        for purpose in ("newsletter", "panels"):
            suppress(EMAIL, unsubscribed.email, purpose=purpose, reason="refused")
    run = desk.let_in(lines(HEAD, row(erased), row(unsubscribed)))
    assert (run.new, run.refused, run.asked, reaches()) == (1, 1, 0, 0)
    assert "Erased on request" in desk.problems(run)[1]
    assert "Erased on request" in desk.page(run)


def test_a_policy_that_changed_since_the_trial_asks_for_a_new_one(desk: Desk) -> None:
    run = desk.rehearse(desk.bring(lines(HEAD, row(Seed.new()))))
    publish(policy(NEWER), actor=SYSTEM)
    answer = desk.start(run)
    assert answer.status_code == 409
    assert "policy changed" in words(answer)
    run = desk.rehearse(run)
    assert desk.start(run).status_code == 302


def test_a_policy_that_loses_the_clause_stops_the_run(desk: Desk) -> None:
    run = desk.rehearse(desk.bring(lines(HEAD, row(Seed.new()))))
    desk.start(run)
    publish(policy(NEWER, GONE), actor=SYSTEM)
    run_tasks()
    run.refresh_from_db()
    assert (run.state, run.fault, run.new) == (Import.State.REFUSED, "policy", 0)
    page = desk.page(run)
    assert "The import stopped" in page
    assert "The policy changed" in page
    assert not Key.objects.filter(owner=run.pk).exists()


def test_cancelling_keeps_what_is_in_and_says_how_much(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(policy(NEWER), actor=SYSTEM)  # asks nobody, which would take longer than the list
    monkeypatch.setattr(pieces, "BATCH", 20)
    run = desk.rehearse(desk.bring(lines("E-mail,Permission", *_many(50))))
    assert (run.new, run.pieces) == (50, 3)
    monkeypatch.setattr(running, "SLICE", 0)
    desk.start(run)
    for _ in range(2):  # repeats, and one batch
        call_command("db_worker", max_tasks=1, batch=True, interval=0, verbosity=0, reload=False,
                     startup_delay=False)  # fmt: skip
    run.refresh_from_db()
    assert (run.state, run.position) == (Import.State.RUNNING, 1)
    page = desk.page(run)
    assert "Coming in: batch 1 of 3" in page
    assert "So far" in page
    assert desk.post(f"/console/imports/{run.ref}/cancel").status_code == 302
    run_tasks()
    run.refresh_from_db()
    assert (run.state, run.new, people().count()) == (Import.State.CANCELLED, 20, 20)
    assert not Key.objects.filter(owner=run.pk).exists()
    assert "What happened" in desk.page(run)
    assert desk.post(f"/console/imports/{run.ref}/cancel").status_code == 409


def _many(count: int) -> list[str]:
    return [f"person{number}@people.example,Fair 2014" for number in range(count)]


def test_what_waits_for_a_week_is_thrown_away(desk: Desk) -> None:
    run = desk.bring(lines(HEAD, row(Seed.new())))
    keeper = Keeper()
    with clock.at(datetime.now(UTC) + timedelta(days=6)):
        keeper()
    run.refresh_from_db()
    assert run.state == Import.State.MAPPING
    with clock.at(datetime.now(UTC) + timedelta(days=8)):
        keeper()
    run.refresh_from_db()
    assert run.state == Import.State.EXPIRED
    assert not Key.objects.filter(owner=run.pk).exists()
    assert "Thrown away" in desk.page(run)


def test_a_run_that_lost_its_task_is_taken_up(desk: Desk) -> None:
    run = desk.rehearse(desk.bring(lines(HEAD, row(Seed.new()))))
    desk.start(run)
    call_command("prune_db_task_results", queue_name="*", min_age_days=0, verbosity=0)
    Import.objects.filter(pk=run.pk).update(turn=None)  # whatever is queued has no turn now
    run_tasks()
    run.refresh_from_db()
    assert run.state == Import.State.RUNNING
    Keeper()()
    run_tasks()
    run.refresh_from_db()
    assert (run.state, run.new) == (Import.State.DONE, 1)
