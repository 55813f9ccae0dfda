"""What was written and brought for a case goes three years after it ended, with the case's key.

That there was a case, its ground and its steps stay: they are no person's data.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction

from troth.core import clock
from troth.core.cases.models import Case, Concern, Document, Event
from troth.core.gate.deposits import discard

KEPT: Final = timedelta(days=3 * 365)
"""As long as somebody may bring a claim about it, in most places."""


def forget_past() -> int:
    """Destroy what is written in cases that ended long ago. Returns how many."""
    old = Case.objects.filter(state__in=Case.ENDED, content__isnull=False)
    since = clock.now() - KEPT
    count = 0
    for case in list(old.filter(opened_at__lte=since)[:50]):
        ended = case.closed_at or case.decided_at
        if ended is None or ended > since:
            continue
        with transaction.atomic():
            Document.objects.filter(case=case).delete()
            Concern.objects.filter(case=case).delete()
            Event.objects.filter(case=case, words__isnull=False).delete()
            Case.objects.filter(pk=case.pk).update(content=None, written=[])
        discard(case.pk)
        count += 1
    return count
