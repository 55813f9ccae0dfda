"""A worker that is killed half-way: no row twice, none missing, nothing half in."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from imports.conftest import FILES, SYSTEM, at_desk, make_company, policy
from imports.desk import Desk, lines
from support.databases import using
from troth.channels.imports import pieces
from troth.channels.imports.models import Import
from troth.core.gate.models import Permit
from troth.core.keyring.models import Key
from troth.core.ledger.api import sequence, timeline
from troth.core.notices.publish import publish
from troth.core.organisations.scope import scope
from troth.core.people.models import Element, Person

BATCH, BATCHES = 8, 24  # smaller than real ones, for more places to be killed at
ROWS = BATCH * BATCHES - 5
PATIENCE = 120


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "BATCH", BATCH)


@contextmanager
def worker(log: Path, url: str, keyring: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process on these databases; killed, not asked to stop."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "troth.hub.worker"],
            env=os.environ | {"DATABASE_URL": url, "KEYRING_URL": keyring},
            stdout=out,
            stderr=out,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait(run: Import, process: subprocess.Popen[bytes], until: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        run.refresh_from_db()
        if until():
            return
        assert process.poll() is None, "the worker ended by itself"
        assert time.monotonic() < deadline, f"it stands at {run.state} {run.position}"
        time.sleep(0.02)


def started(desk: Desk) -> Import:
    """A list of `ROWS` people that is about to come in."""
    addresses = (f"person{number}@people.example" for number in range(ROWS))
    run = desk.bring(lines("E-mail,Permission", *(f"{one},Fair 2014" for one in addresses)))
    run = desk.rehearse(run)
    assert desk.start(run).status_code == 302
    assert run.pieces == BATCHES
    return run


def each_is_in_once(run: Import) -> None:
    found = Element.objects.filter(record=run.pk, name="email")
    assert Counter(map(bytes, found.values_list("index", flat=True))).most_common(1)[0][1] == 1
    assert found.count() == Person.objects.filter(users=None).count() == ROWS
    permits = Permit.objects.filter(person__users=None, purpose="newsletter")
    assert permits.filter(category="user.contact.email").count() == ROWS


def test_a_killed_worker_leaves_whole_batches_and_the_next_goes_on(
    desk: Desk, folder: Path
) -> None:
    publish(policy(('version = "2015-01-01"', 'version = "2016-01-01"')), actor=SYSTEM)
    run = started(desk)
    log, urls = folder / "worker.log", [f"sqlite:///{folder / name}" for name in FILES]
    for stop in (2, 8):
        with worker(log, *urls) as process:
            wait(run, process, lambda stop=stop: run.position >= stop)  # type: ignore[misc]
        run.refresh_from_db()
        assert run.state == Import.State.RUNNING, f"it was killed too late, at {run.position}"
        people = Person.objects.filter(users=None)
        assert people.count() == run.position * BATCH == run.new
        assert Element.objects.filter(record=run.pk).count() == 2 * people.count()
    with worker(log, *urls) as process:
        wait(run, process, lambda: run.emptied_at is not None)
    assert (run.state, run.new, run.known) == (Import.State.DONE, ROWS, 0)
    each_is_in_once(run)
    assert not Key.objects.filter(owner=run.pk).exists()
    sequence()
    for person in Person.objects.filter(users=None).order_by("?")[:5]:
        told = [line.sentence() for line in timeline(desk.organisation, person.ref).lines]
        assert len([one for one in told if "came to us in a list" in one]) == 1
    assert "people.example" not in log.read_text("utf-8")


@pytest.mark.postgres
def test_two_workers_on_postgres_share_a_run(
    new_postgres_pair: Callable[[], tuple[str, str]],
    tmp_path: Path,
    settings: Any,
    django_db_blocker: Any,
) -> None:
    settings.SECURE_SSL_REDIRECT = False
    urls = new_postgres_pair()
    with django_db_blocker.unblock(), using(*urls):
        make_company("comintech", policy())
        desk = at_desk("comintech")
        with scope(desk.organisation), ExitStack() as workers:
            run = started(desk)
            both = [workers.enter_context(worker(tmp_path / "log", *urls)) for _ in range(2)]
            wait(run, both[0], lambda: run.emptied_at is not None)
            assert (run.state, run.fault, run.new, run.known) == (Import.State.DONE, "", ROWS, 0)
            each_is_in_once(run)
