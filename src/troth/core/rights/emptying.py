"""The key of a request goes when nobody needs what it says any more.

A deletion is emptied as soon as the person heard of it and every recipient that has to be told has
answered; the others after a month in which an answer can still be sent.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q

from troth.core import clock
from troth.core.gate.deposits import discard
from troth.core.rights.kinds import DELETION
from troth.core.rights.models import Request, Telling

LONGEST: Final = timedelta(days=30)
UNHEARD: Final = timedelta(days=3)
"""How long a deletion waits for its answer to leave, if nothing else holds it."""


def empty_closed() -> int:
    """Destroy the keys of requests in scope that are over. Returns how many. Safe to repeat."""
    now = clock.now()
    open_ones = Telling.objects.filter(request=OuterRef("pk"), state__in=Telling.OPEN)
    over = Request.objects.filter(state__in=Request.ENDED, emptied_at=None)
    heard = Q(answered_at__isnull=False) | Q(closed_at__lte=now - UNHEARD)
    due = over.filter(
        Q(closed_at__lte=now - LONGEST) | (heard & Q(kind=DELETION) & ~Exists(open_ones))
    )
    found = list(due.values_list("pk", flat=True))
    for pk in found:
        discard(pk)
        Request.objects.filter(pk=pk).update(content=None, emptied_at=now)
    return len(found)
