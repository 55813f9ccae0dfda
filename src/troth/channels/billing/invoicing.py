"""Invoices and credit notes: issued once, numbered without gaps, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from troth.channels.billing import acts, clauses, numbers, queries
from troth.channels.billing.lines import Line
from troth.channels.billing.models import Invoice, Order
from troth.channels.billing.noting import note
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import renew
from troth.core.notices.versions import current
from troth.core.people.models import Element
from troth.core.rights.own.places import label_of, rules_of
from troth.kit.outbox.api import send

MAIL: Final = "billing.invoice"
SHOWN: Final = ("user.name", "user.contact.address", "user.government_id", clauses.BOUGHT)
"""The kinds of data that stand on an invoice."""
CARD: Final = "card-last-four"


@action
def issue(order: Order, *, actor: Actor) -> Invoice:
    """The invoice of an order; the one there is, if it was issued before."""
    renew(order, held=True)
    found = Invoice.objects.filter(record=order.pk, kind=Invoice.Kind.INVOICE).first()
    return found or _make(order, Invoice.Kind.INVOICE, None, actor)


@action
def credit(order: Order, *, actor: Actor) -> Invoice | None:
    """The credit note that takes the invoice of an order back; None where there is no invoice."""
    renew(order, held=True)
    invoice = Invoice.objects.filter(record=order.pk, kind=Invoice.Kind.INVOICE).first()
    if invoice is None:
        return None
    found = Invoice.objects.filter(takes_back=invoice).first()
    return found or _make(order, Invoice.Kind.CREDIT, invoice, actor)


def _make(order: Order, kind: Invoice.Kind, back: Invoice | None, actor: Actor) -> Invoice:
    made = Invoice(
        number=numbers.take(numbers.INVOICES),
        kind=kind,
        record=order.pk,
        order_number=order.number,
        takes_back=back,
        clause=current().rules.purposes[clauses.invoicing()].clause,
        version=current().version,
        total=order.total,
        currency=order.currency,
        issued_at=clock.now(),
    )
    made.save(force_insert=True)
    note(
        acts.INVOICED if back is None else acts.CREDITED,
        order,
        actor=actor,
        purpose=clauses.invoicing(),
        clause=made.clause,
        detail={"invoice": made.ref, "number": made.number},
    )
    if purpose := clauses.noticing():
        send(order.person, kind=MAIL, purpose=purpose, actor=actor, record=made.pk)
    return made


@dataclass(frozen=True, slots=True)
class Row:
    """A line of an invoice's head: a label of the policy, and the value, or None while sealed."""

    label: str
    value: str | None
    clause: str
    version: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """An invoice as it is read; call `sheet` inside an open use."""

    invoice: Invoice
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]
    sealed: bool


def sheet(invoice: Invoice) -> Sheet:
    """What stands on an invoice, as far as an open use lets it be read."""
    held, seen, rows = queries.elements(invoice.record), set[str](), list[Row]()
    for one in held:
        wanted = one.category in SHOWN or one.name == CARD
        if one.category == clauses.BOUGHT or not wanted or one.category in seen:
            continue  # of two addresses the first is the invoice's
        seen |= {one.category}
        rows.append(row(one))
    lines = tuple(queries.lines(held))
    return Sheet(invoice, tuple(rows), lines, any(one.value is None for one in rows))


def row(element: Element) -> Row:
    """An element with the label it was given under."""
    value = element.value
    return Row(
        label_of(rules_of(element.version), element),
        value if isinstance(value, str) else None,
        element.clause,
        element.version,
    )


def categories(elements: list[Element]) -> list[str]:
    """What there is to read."""
    return sorted({one.category for one in elements})
