"""Reading products, orders and invoices."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from troth.channels.billing import clauses
from troth.channels.billing.lines import Line
from troth.channels.billing.models import Invoice, Order, Product
from troth.core.errors import Missing
from troth.core.people.models import Element, Person


class SoldMissing(Missing):
    """There is no such product, order or invoice here."""


def products() -> QuerySet[Product]:
    """All products, by name."""
    return Product.objects.all()


def for_sale() -> QuerySet[Product]:
    """What everybody may see; nothing, where the policy has no checkout."""
    return Product.objects.filter(shown=True) if clauses.sells() else Product.objects.none()


def product(slug: str, *, shown: bool = True) -> Product:
    """A product by the last part of its address. Raises `SoldMissing`."""
    found = (for_sale() if shown else products()).filter(slug=slug).first()
    if found is None:
        raise SoldMissing("There is no such product.", do="Look at what is sold.")
    return found


def order(ref: str) -> Order:
    """An order. Raises `SoldMissing`, also for one that went with its person."""
    found = Order.objects.select_related("person__root").filter(ref=ref).first()
    if found is None:
        raise SoldMissing("There is no such order.", why="It was erased, or never was here.")
    return found


def orders_of(person: Person) -> QuerySet[Order]:
    """Somebody's orders, on all of their records."""
    return Order.objects.filter(person__root_id=person.root_id)


def invoice(ref: str) -> Invoice:
    """An invoice or credit note. Raises `SoldMissing`."""
    found = Invoice.objects.filter(ref=ref).first()
    if found is None:
        raise SoldMissing("There is no such invoice.", do="Look at the list of invoices.")
    return found


def invoices_of(order: Order) -> list[Invoice]:
    """What was issued for an order, in the order of their numbers."""
    return list(Invoice.objects.filter(record=order.pk).order_by("number"))


def elements(record: UUID) -> list[Element]:
    """What came with an order, sealed."""
    found = Element.objects.filter(record=record, touchpoint=clauses.PLACE).order_by("id")
    return list(found.select_related("person"))


def lines(found: list[Element]) -> list[Line]:
    """What was bought, as far as an open use lets it be read."""
    said = [e.value for e in found if e.category == clauses.BOUGHT]
    read = [Line.read(value) for value in said if isinstance(value, str)]
    return [one for one in read if one is not None]


def services(order: Order) -> list[Line]:
    """What was ordered; empty where no open use lets it be read."""
    return lines(elements(order.pk))
