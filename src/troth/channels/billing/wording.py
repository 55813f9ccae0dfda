"""What templates show of products, orders and invoices: amounts in words, signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from troth.channels.billing import money
from troth.channels.billing.models import Invoice, Order, Product
from troth.core.rights.own.places import rules_of

SIGNS: Final = {
    "unpaid": ("caution", "Unpaid"),
    "paid": ("good", "Paid"),
    "cancelled": ("neutral", "Cancelled"),
    "refunded": ("neutral", "Refunded"),
}
PER: Final = {"once": "", "month": "a month", "year": "a year"}


@dataclass(frozen=True, slots=True)
class Sign:
    kind: str
    word: str


def dressed(product: Product) -> Any:
    """The product with its price in words."""
    found: Any = product
    found.cost = f"{money.words(product.price, product.currency)} {PER[product.period]}".strip()
    return found


def dress(one: Order | Invoice) -> Any:
    """An order with its sign, or an invoice; both with their amount."""
    found: Any = one
    found.amount = money.words(one.total, one.currency)
    if isinstance(one, Order):
        found.sign = Sign(*SIGNS[one.state])
    return found


def seller(invoice: Invoice) -> list[str]:
    """Who invoiced, as lines of an address: as the policy said when it was issued."""
    company = rules_of(invoice.version).policy.company
    lines = [list(place.lines) for place in company.address[:1]]
    found = [company.name, *(lines[0] if lines else [])]
    return list(dict.fromkeys(found))
