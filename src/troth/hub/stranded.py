"""Tasks that nobody works on any more: in the hands of a dead worker, or ended by a fault of ours.

The queue leaves both as they are. Every task here is safe to repeat (a mail that was accepted is
not sent again, a batch that came in does not come in twice), so they go back into the queue: the
first after a quarter of an hour, which no task takes; the second a few times, in case what was
wrong passes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

LONGEST: Final = timedelta(minutes=15)
REST: Final = timedelta(minutes=2)
TRIES: Final = 4


def take_up() -> int:
    """Put them back into the queue. Returns how many."""
    now = timezone.now()
    dead = DBTaskResult.objects.running().filter(started_at__lt=now - LONGEST)
    failed = DBTaskResult.objects.failed().filter(
        finished_at__lt=now - REST, finished_at__gt=now - timedelta(days=1)
    )
    again = [task.pk for task in failed if len(task.worker_ids) < TRIES]
    ready = {"status": TaskResultStatus.READY, "started_at": None, "finished_at": None}
    return dead.update(**ready) + DBTaskResult.objects.filter(pk__in=again).update(**ready)
