"""Placing an order: what the checkout's clauses name is collected, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from troth.channels.billing import acts, clauses, money, numbers
from troth.channels.billing.lines import MOST, Line
from troth.channels.billing.models import Order, Product
from troth.channels.billing.noting import note
from troth.channels.forms.api import submit
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import renew
from troth.core.errors import Invalid
from troth.core.people.records import Given

_on_ordered: Final[list[Callable[[Order, Actor], None]]] = []


class SoldInvalid(Invalid):
    """It is not for sale, or not so many of it."""


def on_ordered(hear: Callable[[Order, Actor], None]) -> None:
    """Have `hear` called with each new order, once, in the transaction that places it."""
    if hear not in _on_ordered:  # `ready()` may run again
        _on_ordered.append(hear)


@action
def place(
    product: Product,
    quantity: int = 1,
    *,
    actor: Actor,
    given: Sequence[Given],
    choices: Mapping[str, tuple[bool, str]],
    once: str,
    objects: bool = False,
) -> Order:
    """Place an order. Placing the same again (`once` and content) is the same order.

    `given` is what the checkout asks, and what else its clauses collect by themselves (where an
    order began). Raises `SoldInvalid`, and `UseDenied` for data outside the clauses.
    """
    renew(product)
    if not product.shown or not 1 <= quantity <= MOST:
        raise SoldInvalid("This cannot be ordered.", do="Look at what is sold now.")
    if product.price * quantity > money.LARGEST:
        raise SoldInvalid("So much cannot be paid in one order.", do="Order fewer at a time.")
    line = Line.of(product, quantity)
    bought = Given(clauses.element(clauses.BOUGHT), clauses.BOUGHT, str(line))
    everything = [replace(one, clause=_clause(one)) for one in (*given, bought)]
    submission = submit(
        actor=actor,
        touchpoint=clauses.PLACE,
        given=everything,
        choices=choices,
        once=once,
        objects=objects,
        answered=False,
    )
    found = Order.objects.filter(pk=submission.pk).first()
    if found is not None:
        return found
    order = Order(
        pk=submission.pk,
        organisation_id=submission.organisation_id,
        person_id=submission.person_id,
        number=numbers.take(numbers.ORDERS),
        clause=submission.clause,
        version=submission.version,
        total=product.price * quantity,
        currency=product.currency,
        placed_at=clock.now(),
    )
    order.save(force_insert=True)
    note(acts.ORDERED, order, actor=actor)
    for hear in _on_ordered:
        hear(order, actor)
    return order


def _clause(one: Given) -> str:
    return one.clause or clauses.clause_of(one.name, one.category)
