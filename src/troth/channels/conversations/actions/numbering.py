"""Numbers, which people quote: counted per organisation, none given twice."""

from __future__ import annotations

from django.db.models import F

from troth.channels.conversations.actions.changing import desk_of
from troth.channels.conversations.models import Desk


def next_number() -> int:
    """The next number. The desk's row is held until the transaction ends."""
    desk = desk_of()
    Desk.objects.filter(pk=desk.pk).update(last_number=F("last_number") + 1)
    return Desk.objects.values_list("last_number", flat=True).get(pk=desk.pk)
