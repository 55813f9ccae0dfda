"""What was written and brought for a case goes three years after it ended, with the case's key.

That there was a case, its ground and its steps stay: they are no person's data.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from troth.core import clock
from troth.core.cases.models import Case, Concern, Document, Event
from troth.core.gate.deposits import discard

KEPT: Final = timedelta(days=3 * 365)
"""As long as somebody may bring a claim about it, in most places."""


def forget_past() -> int:
    """Destroy what is written in cases that ended long ago. Returns how many."""
    of_it = {"case": OuterRef("pk")}
    written = Q(content__isnull=False) | Exists(Event.objects.filter(**of_it, words__isnull=False))
    brought = Exists(Document.objects.filter(**of_it)) | Exists(Concern.objects.filter(**of_it))
    old = Case.objects.filter(written | brought, state__in=Case.ENDED).annotate(
        ended_at=Coalesce("closed_at", "decided_at")
    )
    count = 0
    for case in list(old.filter(ended_at__lte=clock.now() - KEPT)[:50]):
        with transaction.atomic():
            Document.objects.filter(case=case).delete()
            Concern.objects.filter(case=case).delete()
            Event.objects.filter(case=case, words__isnull=False).delete()
            Case.objects.filter(pk=case.pk).update(content=None, written=[])
        discard(case.pk)
        count += 1
    return count
