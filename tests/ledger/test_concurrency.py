"""Many writers, several sequencers, and deaths at any moment: nothing lost, nothing twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connections

from ledger.places import Ledger
from troth.core.ledger import api
from troth.core.ledger.models import Entry, Pending
from troth.core.organisations.scope import scope

HAMMER = Path(__file__).with_name("hammer.py")


@contextmanager
def hammer(ledger: Ledger, what: str, times: int = 0) -> Iterator[subprocess.Popen[str]]:
    """A process at work on the ledger; killed outright at the end of the block if still there."""
    place = ledger.place
    arguments = [what, place.url, place.keyring, str(ledger.id), str(times)]
    tests = str(HAMMER.parents[1])
    path = os.pathsep.join([tests, os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, HAMMER, *arguments],
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)
        assert process.stdout
        process.stdout.close()


def placed(ledger: Ledger) -> list[str]:
    with scope(ledger.organisation):
        assert not Pending.objects.exists()
        ids = list(Entry.objects.order_by("position").values_list("id", flat=True))
    return [entry.hex for entry in ids]


def test_threads_and_sequencers_lose_and_double_nothing(ledger: Ledger) -> None:
    start = Barrier(5)

    def write() -> list[str]:
        start.wait(30)
        try:
            return [entry.hex for _ in range(15) for entry in ledger.record(3)]
        finally:
            connections.close_all()

    def place() -> list[str]:
        start.wait(30)
        try:
            for _ in range(15):
                api.sequence(ledger.organisation)
            return []
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        work = [pool.submit(job) for job in (write, write, write, place, place)]
        written = [entry for one in work for entry in one.result(120)]
    api.sequence()
    found = placed(ledger)
    assert len(found) == len(set(found)) == 135
    assert sorted(found) == sorted(written)
    assert api.verify(ledger.organisation).holds


def test_processes_lose_and_double_nothing(ledger: Ledger) -> None:
    api.verifier(ledger.id)
    with (
        hammer(ledger, "record", 40) as one,
        hammer(ledger, "record", 40) as two,
        hammer(ledger, "sequence", 25) as three,
        hammer(ledger, "sequence", 25) as four,
    ):
        told = [process.communicate(timeout=120)[0].split() for process in (one, two)]
        for process in (three, four):
            process.communicate(timeout=120)
        assert [process.returncode for process in (one, two, three, four)] == [0] * 4
    api.sequence()
    found = placed(ledger)
    assert len(found) == len(set(found)) == 80
    assert sorted(found) == sorted(told[0] + told[1])
    assert [entry for entry in found if entry in set(told[0])] == told[0]  # its own order
    assert api.verify(ledger.organisation).holds


@pytest.mark.parametrize("lines", [1, 6])
def test_a_sequencer_killed_at_work_leaves_a_ledger_that_holds(ledger: Ledger, lines: int) -> None:
    ids = ledger.record(400)
    with hammer(ledger, "record") as writer, hammer(ledger, "sequence") as sequencer:
        assert writer.stdout
        assert sequencer.stdout
        for _ in range(lines):
            written = writer.stdout.readline().strip()
        while not placed_count(ledger):
            assert sequencer.poll() is None
        sequencer.kill()
        writer.kill()
        sequencer.wait(30)
    assert ledger.problems() <= {"waiting"}  # on a busy machine the rest may wait for a minute
    api.sequence()
    found = placed(ledger)
    assert len(found) == len(set(found))
    assert {entry.hex for entry in ids} | {written} <= set(found)
    assert api.verify(ledger.organisation).holds


def placed_count(ledger: Ledger) -> int:
    with scope(ledger.organisation):
        return Entry.objects.count()
