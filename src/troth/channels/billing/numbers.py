"""Numbers without gaps: taken within the transaction of what gets them, and given back with it."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction

from troth.channels.billing.models import Series
from troth.core.changing import renew

FIRST: Final = 1001
ORDERS: Final = "orders"
INVOICES: Final = "invoices"


def take(name: str) -> int:
    """The next number of a series of the organisation in scope."""
    series = Series.objects.filter(name=name).first()
    if series is None:
        try:
            with transaction.atomic():
                series = Series.objects.create(name=name, last=FIRST - 1)
        except IntegrityError:  # somebody else began it at the same moment
            series = Series.objects.get(name=name)
    renew(series, held=True)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last
