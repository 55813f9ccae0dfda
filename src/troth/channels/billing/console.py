"""The channel's line of the console, and orders that wait to be fulfilled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from troth.channels.billing.models import Order
from troth.channels.billing.products import ABILITY

RAIL: list[dict[str, Any]] = [
    {
        "key": "i",
        "label": "Orders",
        "icon": "receipt",
        "url": "billing:orders",
        "need": ABILITY,
        "order": 37,
    }
]


def waiting(request: Any) -> Iterable[dict[str, Any]]:
    """Orders that are paid and not fulfilled, by number."""
    if ABILITY not in request.actor.abilities:
        return
    found = Order.objects.filter(state=Order.State.PAID, fulfilled_at=None).order_by("placed_at")
    for order in found[:20]:
        url = reverse("billing:console-order", args=[order.ref])
        yield {"text": f"Order {order.number} is paid and waits", "url": url}
