"""The channel's door for other parts.

An order is placed with `place`; `on_ordered` hears of each new one, in its transaction, and
`collect_beside` adds what the checkout's clauses collect by themselves. What was ordered is read
with `services`, inside an open use of the person's data.
"""

from __future__ import annotations

from troth.channels.billing.beginning import forget_expired
from troth.channels.billing.clauses import PLACE, sells
from troth.channels.billing.handling import fulfil, note_payment, refund
from troth.channels.billing.invoicing import issue
from troth.channels.billing.lines import Line
from troth.channels.billing.models import Order, Product
from troth.channels.billing.pages import OrderPage, collect_beside
from troth.channels.billing.paying.till import connect, till
from troth.channels.billing.placing import on_ordered, place
from troth.channels.billing.products import Offer, make
from troth.channels.billing.queries import for_sale, orders_of, product, services
from troth.channels.billing.tidying import lapse

__all__ = [
    "PLACE",
    "Line",
    "Offer",
    "Order",
    "OrderPage",
    "Product",
    "collect_beside",
    "connect",
    "for_sale",
    "forget_expired",
    "fulfil",
    "issue",
    "lapse",
    "make",
    "note_payment",
    "on_ordered",
    "orders_of",
    "place",
    "product",
    "refund",
    "sells",
    "services",
    "till",
]
