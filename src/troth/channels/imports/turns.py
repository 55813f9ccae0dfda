"""Whose turn it is: one task at a time works on an import, a slice at a time.

A run survives its worker. Each batch is one transaction that also moves the run's position, so a
worker that is killed leaves the last batch either done or not begun; whoever goes on takes a new
turn, and a task whose turn has passed does nothing more.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from troth.channels.imports.models import Import
from troth.channels.imports.tasks import go_on
from troth.core import clock
from troth.core.errors import Missing

PATIENCE: Final = timedelta(minutes=2)
"""How long a run may stand still before it is taken up again."""

AGAIN: Final = timedelta(seconds=5)
MOST_TRIES: Final = 3


class TurnMissing(Missing):
    """The run has ended, or another task has taken it up."""


def give(run: Import, *, fresh: bool = True, wait: timedelta | None = None) -> None:
    """Queue the next slice, in the transaction that saves the run."""
    if fresh or run.turn is None:
        run.turn = uuid4()
    task = go_on.using(run_after=clock.now() + wait) if wait else go_on
    task.enqueue(str(run.organisation_id), str(run.pk), str(run.turn))


def locked(pk: UUID, turn: UUID) -> Import:
    """The run, held until the transaction ends. Raises `TurnMissing`."""
    found = (
        Import.objects.select_for_update()
        .filter(pk=pk, turn=turn, state__in=Import.WORKING)
        .first()
    )
    if found is None:
        raise TurnMissing("It is not this task's turn.")
    return found


def take_up(*, after: timedelta = PATIENCE) -> int:
    """Go on with each run of the organisation in scope that has stood still; returns how many."""
    count = 0
    with transaction.atomic():
        still = Import.objects.select_for_update().filter(
            state__in=Import.WORKING, moved_at__lte=clock.now() - after
        )
        for run in still:
            give(run)
            run.moved_at = clock.now()
            run.save(update_fields=["turn", "moved_at"])
            count += 1
    return count
