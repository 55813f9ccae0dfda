"""The background of an import: read the file, find repeats, go through the batches."""

from __future__ import annotations

import logging
import time
from typing import Final
from uuid import UUID

from django.db import DatabaseError, OperationalError, connection, transaction

from troth.channels.imports import ending, pieces, taking, turns
from troth.channels.imports.asking import WORKER
from troth.channels.imports.columns import TOUCHPOINT, ColumnsInvalid, check
from troth.channels.imports.files.faults import FileInvalid
from troth.channels.imports.judging import Judge
from troth.channels.imports.models import Import, Problem
from troth.channels.imports.reading import read_file
from troth.channels.imports.repeats import find_repeats
from troth.core import clock
from troth.core.gate.denials import UseDenied
from troth.core.gate.deposits import deposit
from troth.core.keyring.router import ALIAS
from troth.core.notices.versions import current

SLICE: Final = 2.0
"""Seconds of one task; then other tasks, such as mail, have their turn."""

REST: Final = 0.1
"""Seconds between two batches on SQLite, whose other writers look that often for theirs."""

logger = logging.getLogger(__name__)


def work(pk: UUID, turn: UUID) -> None:
    """Do one slice of a run. Whatever goes wrong is noted on it, without any value."""
    try:
        _slice(pk, turn)
    except turns.TurnMissing:
        return
    except FileInvalid as invalid:
        ending.refuse(pk, invalid.fault, invalid.line)
    except (ColumnsInvalid, UseDenied):
        ending.refuse(pk, "policy")
    except Exception as error:  # noqa: BLE001 - its words may quote what was read
        logger.error("An import failed: %s", type(error).__name__)  # noqa: TRY400 - as above
        _try_again(pk, turn, patient=isinstance(error, OperationalError))


def _slice(pk: UUID, turn: UUID) -> None:
    end = time.monotonic() + SLICE
    while True:
        with transaction.atomic():
            run = turns.locked(pk, turn)
        if run.state == Import.State.READING:
            read_file(run, turn)
            return
        if not run.begun:
            find_repeats(run, turn)
        elif _batch(pk, turn):
            return
        if time.monotonic() > end:
            with transaction.atomic():
                turns.give(turns.locked(pk, turn), fresh=False)
            return
        if connection.vendor == "sqlite":
            time.sleep(REST)


def _batch(pk: UUID, turn: UUID) -> bool:
    """Go through one batch; returns whether it was the last.

    The keyring's transaction is inside the other: keys are durable before what they seal.
    """
    with transaction.atomic():
        run = turns.locked(pk, turn)
        dry = run.state == Import.State.TRYING
        with transaction.atomic(using=ALIAS):
            if run.position < run.pieces:
                _go_through(run, dry=dry)
                run.position += 1
        run.moved_at, run.tries = clock.now(), 0
        last = run.position >= run.pieces
        if last and dry:
            run.state = Import.State.TRIED
        elif last:
            ending.end(run, Import.State.DONE)
        run.save()
    return last


def _go_through(run: Import, *, dry: bool) -> None:
    published = current()
    touchpoint = published.rules.touchpoints.get(TOUCHPOINT)
    if touchpoint is None:
        raise ColumnsInvalid("The policy no longer has a clause for lists.")
    with deposit(row=run.pk, actor=WORKER, touchpoint=TOUCHPOINT):
        width = len(run.head)
        rows = pieces.rows(run, run.position)
    check(run.columns, touchpoint, width)
    judge = Judge(published, touchpoint, run.columns, width, clock.now().date())
    judged = [judge.judge(line, cells) for line, cells in rows]
    repeats = set(
        Problem.objects.filter(
            run=run, reason="repeat", line__range=(rows[0][0], rows[-1][0])
        ).values_list("line", flat=True)
    )
    for row in judged:
        if row.line in repeats:
            row.problems.append(("", "repeat"))
    taking.go_through(run, judged, dry=dry)


def _try_again(pk: UUID, turn: UUID, *, patient: bool) -> None:
    """After a failure that is not the list's: later once more, and after a few times no more.

    A database that is busy or away is waited for; the run itself is not to blame.
    """
    try:
        with transaction.atomic():
            run = turns.locked(pk, turn)
            run.tries += 0 if patient else 1
            if run.tries < turns.MOST_TRIES:
                turns.give(run, wait=turns.AGAIN)
                run.save(update_fields=["turn", "tries"])
                return
    except (turns.TurnMissing, DatabaseError):
        return  # whoever finds it standing still takes it up
    ending.refuse(pk, "fault")
