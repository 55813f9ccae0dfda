"""What the staff do with orders: fulfil, note a payment that came otherwise, cancel, refund."""

from __future__ import annotations

from typing import Final

from troth.channels.billing import acts, clauses, invoicing
from troth.channels.billing.models import Order
from troth.channels.billing.noting import note
from troth.channels.billing.paying.handing import asked, close
from troth.channels.billing.paying.settling import settle
from troth.channels.billing.paying.till import client, till
from troth.channels.billing.products import ABILITY
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import renew
from troth.core.errors import Denied

UNPAID: Final = (Order.State.UNPAID,)
PAID: Final = (Order.State.PAID,)


class StateDenied(Denied):
    """An order is not in the state that an act needs."""


@action
def fulfil(order: Order, *, actor: Actor) -> None:
    """Note that what was ordered was delivered."""
    _held(order, (*UNPAID, *PAID), actor)
    if order.fulfilled_at is None:
        order.fulfilled_at = clock.now()
        order.save(update_fields=["fulfilled_at"])
        note(acts.FULFILLED, order, actor=actor)


def note_payment(order: Order, *, actor: Actor) -> None:
    """Note money that came by another way than the payment company, whose page for it is closed
    first. Raises `StateDenied` if it was paid there meanwhile, `UnreachableInvalid`.
    """
    actor.needs(ABILITY)
    clauses.paying()  # what cannot be put on the ledger does not begin
    settle(order)
    close(order)
    _note_payment(order, actor=actor)


@action
def _note_payment(order: Order, *, actor: Actor) -> None:
    _held(order, UNPAID, actor)
    order.state, order.paid_at = Order.State.PAID, clock.now()
    order.save(update_fields=["state", "paid_at"])
    note(acts.PAID, order, actor=actor)
    invoicing.issue(order, actor=actor)


def cancel(order: Order, *, actor: Actor) -> None:
    """Cancel an order nobody has paid. The payment company's page for it is closed first; if it was
    paid meanwhile, it is not cancelled. Raises `StateDenied`, `UnreachableInvalid`.
    """
    actor.needs(ABILITY)
    settle(order)
    close(order)
    _cancel(order, actor=actor)


@action
def _cancel(order: Order, *, actor: Actor) -> None:
    _held(order, UNPAID, actor)
    _end(order, Order.State.CANCELLED, actor)


def refund(order: Order, *, actor: Actor) -> None:
    """Give the money back, by the way it came; a credit note takes the invoice back. Doing it again
    gives nothing twice. Raises `StateDenied`, `UnreachableInvalid`.
    """
    actor.needs(ABILITY)
    clauses.invoicing()  # as above: no money moves that no credit note would tell of
    renew(order)
    found = till()
    if order.state == Order.State.PAID and order.session and found is not None:
        library = client(found)
        session = asked(lambda: library.v1.checkout.sessions.retrieve(order.session))
        if session.payment_status == "paid":
            intent = str(session.payment_intent)
            asked(
                lambda: library.v1.refunds.create(
                    {"payment_intent": intent}, {"idempotency_key": f"refund-{order.ref}"}
                )
            )
    _refund(order, actor=actor)


@action
def _refund(order: Order, *, actor: Actor) -> None:
    _held(order, PAID, actor)
    _end(order, Order.State.REFUNDED, actor)


def _end(order: Order, state: Order.State, actor: Actor) -> None:
    order.state, order.ended_at = state, clock.now()
    order.save(update_fields=["state", "ended_at"])
    note(acts.REFUNDED if state == Order.State.REFUNDED else acts.CANCELLED, order, actor=actor)
    invoicing.credit(order, actor=actor)


def _held(order: Order, states: tuple[str, ...], actor: Actor) -> None:
    """Keep everybody else from moving it. Raises `StateDenied` in any other state."""
    actor.needs(ABILITY)
    renew(order, held=True)
    if order.state not in states:
        raise StateDenied(
            f"This order is {order.get_state_display().lower()}.",
            why="What was done with it stays on the record.",
            do="Look at the order again.",
        )
