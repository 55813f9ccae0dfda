"""Learning that an order was paid: the payment company is asked, whoever says so first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from troth.channels.billing import acts, clauses, invoicing
from troth.channels.billing.models import Order
from troth.channels.billing.noting import note
from troth.channels.billing.paying.handing import SELLER, UnreachableInvalid, asked
from troth.channels.billing.paying.till import client, till
from troth.core import clock
from troth.core.actions import action
from troth.core.changing import renew
from troth.core.gate.collecting import collect
from troth.core.people.records import Given

KEPT: Final[dict[str, Callable[[Any], str]]] = {
    "card-token": lambda method: method.id,
    "card-last-four": lambda method: method.card.last4,
    "card-expiry": lambda method: f"{method.card.exp_month:02}/{method.card.exp_year}",
}
"""What the elements of a policy's checkout that are payment data hold, by their names."""


def settle(order: Order) -> Order:
    """Ask whether an order was paid, and note it once. Raises `UnreachableInvalid`."""
    found = till()
    renew(order)
    if found is None or not order.session or order.state != Order.State.UNPAID:
        return order
    session = asked(
        lambda: client(found).v1.checkout.sessions.retrieve(
            order.session, {"expand": ["payment_intent.payment_method"]}
        )
    )
    if session.payment_status != "paid":
        return order
    asks = (order.ref, order.total, order.currency.lower())
    if (session.client_reference_id, session.amount_total, session.currency) != asks:
        raise UnreachableInvalid("The payment company speaks of another order.")
    return _paid(order, session.payment_intent.payment_method)


@action
def _paid(order: Order, method: Any) -> Order:
    """Note a payment, keep of the card what the clauses name, and issue the invoice."""
    renew(order, held=True)
    if order.state != Order.State.UNPAID:
        return order
    names = [name for name in clauses.elements(clauses.PAYMENT) if name in KEPT]
    given = [
        Given(name, clauses.PAYMENT, KEPT[name](method), clauses.clause_of(name, clauses.PAYMENT))
        for name in names
    ]
    if given:
        data = [clauses.PAYMENT]
        with collect(actor=SELLER, touchpoint=clauses.PLACE, data=data) as collecting:
            collecting.hold(order.person, given, record=order.pk)
    order.state, order.paid_at = Order.State.PAID, clock.now()
    order.save(update_fields=["state", "paid_at"])
    note(acts.PAID, order, actor=SELLER)
    invoicing.issue(order, actor=SELLER)
    return order
