from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

_ORDER = {"order": kinds.reference}
_INVOICE: dict[str, kinds.Kind] = {"invoice": kinds.reference, "number": kinds.integer}

PRODUCT = register(
    "billing.product",
    sentence="{actor} changed what is sold",
    detail={"what": kinds.one_of("made", "changed", "shown", "hidden", "removed")},
).name
ORDERED = register("billing.ordered", sentence="You placed an order", detail=_ORDER).name
HANDED = register(
    "billing.handed", sentence="You were sent to {to} to pay an order", detail=_ORDER
).name
PAID = register("billing.paid", sentence="Your order was paid", detail=_ORDER).name
FULFILLED = register(
    "billing.fulfilled", sentence="{actor} noted that your order is fulfilled", detail=_ORDER
).name
CANCELLED = register(
    "billing.cancelled", sentence="{actor} cancelled your order", detail=_ORDER
).name
REFUNDED = register("billing.refunded", sentence="{actor} refunded your order", detail=_ORDER).name
INVOICED = register(
    "billing.invoiced", sentence="Invoice {number} was issued to you", detail=_INVOICE
).name
CREDITED = register(
    "billing.credited", sentence="Credit note {number} was issued to you", detail=_INVOICE
).name
LAPSED = register("billing.lapsed", sentence="{count} orders that nobody paid were removed").name
CONNECTED = register(
    "billing.connected",
    sentence="{actor} connected the payment company {to}",
).name
WRITTEN = register("billing.written", sentence="{actor} wrote down {data} while serving you").name
