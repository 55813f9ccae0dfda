"""What stays of depersonalised values: how many there were, and nothing that leads to anybody.

Touchpoint, category and month are kept for groups of ten and more; smaller ones are merged into
one number for the category. Nothing of a row stays, so nothing can be joined with it again.
"""

from __future__ import annotations

from typing import Final

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncMonth

from troth.core.people.models import Element
from troth.core.rights.models import Tally

SMALLEST: Final = 10


def count(elements: QuerySet[Element]) -> None:
    """Count elements that are about to go. The caller removes them in the same transaction."""
    groups = (
        elements.order_by()
        .annotate(month=TruncMonth("collected_at"))
        .values_list("touchpoint", "category", "month")
        .annotate(number=Count("pk"))
    )
    for touchpoint, category, month, number in groups:
        if number < SMALLEST:
            _add(Tally.OTHER, category, Tally.OTHER, number)
        else:
            _add(touchpoint, category, f"{month:%Y-%m}", number)


def _add(touchpoint: str, category: str, month: str, number: int) -> None:
    row, _ = Tally.objects.get_or_create(touchpoint=touchpoint, category=category, month=month)
    Tally.objects.filter(pk=row.pk).update(count=F("count") + number)
