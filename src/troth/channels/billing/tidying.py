"""What goes by itself: orders nobody paid, orders of which nothing is left, old messages heard."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from troth.channels.billing import acts, clauses
from troth.channels.billing.models import Heard, Invoice, Order
from troth.core import clock
from troth.core.actors import Actor
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element
from troth.core.rights.ending import end

UNPAID_FOR: Final = timedelta(days=30)
HEARD_FOR: Final = timedelta(days=30)  # far longer than a message can be repeated
BATCH: Final = 500


def lapse() -> int:
    """Remove what is due to go. Returns how many orders went."""
    now = clock.now()
    Heard.objects.filter(at__lt=now - HEARD_FOR).delete()
    issued = Exists(Invoice.objects.filter(record=OuterRef("pk")))
    held = Exists(Element.objects.filter(record=OuterRef("pk")))
    Order.objects.filter(~held, placed_at__lt=now - UNPAID_FOR).delete()
    states = (Order.State.UNPAID, Order.State.CANCELLED)
    due = Order.objects.filter(~issued, state__in=states, placed_at__lt=now - UNPAID_FOR)
    ids = list(due.values_list("pk", flat=True)[:BATCH])
    if not ids:
        return 0
    with transaction.atomic():
        end(Element.objects.filter(record__in=ids), then="erase", clause="")
        Order.objects.filter(pk__in=ids).delete()
        record(
            act=acts.LAPSED,
            organisation=current_organisation_id(),
            actor=Actor.system("billing"),
            clause=clauses.place().clause if clauses.sells() else "",
            version=current().version,
            count=len(ids),
        )
    return len(ids)
