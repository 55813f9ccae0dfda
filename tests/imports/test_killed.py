"""A worker that is killed half-way: no row twice, none missing, nothing half in."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from imports.conftest import SYSTEM, policy
from imports.desk import Desk, lines
from troth.channels.imports.models import Import
from troth.channels.imports.pieces import BATCH
from troth.core.gate.models import Permit
from troth.core.keyring.models import Key
from troth.core.ledger.api import sequence, timeline
from troth.core.notices.publish import publish
from troth.core.people.models import Element, Person

BATCHES = 5
ROWS = BATCH * BATCHES - 10
PATIENCE = 60


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process on the databases of this test; killed, not asked to stop."""
    there = {
        "DATABASE_URL": f"sqlite:///{folder / 'main.sqlite3'}",
        "KEYRING_URL": f"sqlite:///{folder / 'keyring.sqlite3'}",
    }
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "troth.hub.worker"],
            env=os.environ | there,
            stdout=log,
            stderr=log,
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


def test_a_killed_worker_leaves_whole_batches_and_the_next_goes_on(
    desk: Desk, folder: Path
) -> None:
    publish(policy(('version = "2015-01-01"', 'version = "2016-01-01"')), actor=SYSTEM)
    addresses = [f"person{number}@people.example" for number in range(ROWS)]
    run = desk.bring(lines("E-mail,Permission", *(f"{one},Fair 2014" for one in addresses)))
    run = desk.rehearse(run)
    assert desk.start(run).status_code == 302
    for stop in (1, 3):
        with worker(folder) as process:
            wait(run, process, lambda stop=stop: run.position >= stop)  # type: ignore[misc]
        run.refresh_from_db()
        assert run.state == Import.State.RUNNING
        people = Person.objects.filter(users=None)
        assert people.count() == run.position * BATCH == run.new
        assert Element.objects.filter(record=run.pk).count() == 2 * people.count()
    with worker(folder) as process:
        wait(run, process, lambda: run.emptied_at is not None)
    assert (run.state, run.new, run.known) == (Import.State.DONE, ROWS, 0)
    found = Element.objects.filter(record=run.pk, name="email")
    assert Counter(found.values_list("index", flat=True)).most_common(1)[0][1] == 1
    assert found.count() == Person.objects.filter(users=None).count() == ROWS
    assert Permit.objects.filter(person__users=None, purpose="newsletter", category="user.contact.email").count() == ROWS  # fmt: skip # noqa: E501
    assert not Key.objects.filter(owner=run.pk).exists()
    sequence()
    for person in Person.objects.filter(users=None).order_by("?")[:5]:
        told = [line.sentence() for line in timeline(desk.organisation, person.ref).lines]
        assert len([one for one in told if "came to us in a list" in one]) == 1
    assert "people.example" not in (folder / "worker.log").read_text("utf-8")
