"""The worker's loop: one organisation's damage is told, and stops nobody else."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connections

from ledger.places import Ledger
from troth.core.ledger import api
from troth.core.ledger.models import Pending
from troth.core.organisations.scope import scope
from troth.hub import worker


def waiting(ledger: Ledger) -> int:
    with scope(ledger.organisation):
        return Pending.objects.count()


def damage(ledger: Ledger) -> None:
    ledger.record(1)
    # On SQLite a column takes any type: text here is what no reader of bytes expects.
    ledger.attack("UPDATE ledger_pending SET body = 'x' WHERE organisation_id = :org")


@contextmanager
def sequencing() -> Iterator[threading.Thread]:
    stop = threading.Event()

    def run() -> None:
        try:
            worker.sequence_until(stop)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(30)


def test_a_damaged_queue_does_not_stop_the_ledgers_of_others(
    new_ledger: Callable[[], Ledger],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(worker, "SEQUENCE_EVERY", 0.02)
    ledgers = [new_ledger() for _ in range(3)]
    damage(ledgers[1])  # whichever order they are served in, somebody comes after it
    damage(ledgers[0])
    with caplog.at_level(logging.ERROR, "troth.worker"), sequencing() as thread:
        for _ in range(2):
            ledgers[2].record(2)
            deadline = time.monotonic() + 30
            while waiting(ledgers[2]):
                assert time.monotonic() < deadline, "the sequencer stopped"
                assert thread.is_alive()
                time.sleep(0.02)
    told = [record.message for record in caplog.records]  # there are no throttles here: told too
    assert told.count("A ledger could not be extended; it is tried again.") == 1
    assert api.verify(ledgers[2].organisation).size == 4
    assert waiting(ledgers[0]) == 1
