"""That a notice was before somebody who gave nothing: a count by version and day."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from troth.core import clock
from troth.core.notices.models import Shown


def note_shown(version: str) -> None:
    """Count one more visit that began under this version, for the organisation in scope."""
    row = {"version": version, "day": clock.now().date()}
    if _one_more(row):
        return
    try:
        with transaction.atomic():
            Shown.objects.create(**row, visits=1)
    except IntegrityError:  # another process was first today
        _one_more(row)


def shown() -> dict[str, int]:
    """How many visits began under each version."""
    rows = Shown.objects.order_by().values_list("version").annotate(visits=Sum("visits"))
    return dict(rows)


def _one_more(row: dict[str, object]) -> bool:
    return bool(Shown.objects.filter(**row).update(visits=F("visits") + 1))
