"""Orders and invoices for the staff: sealed until a purpose is picked, each opening recorded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from troth.channels.billing import clauses, invoicing, queries
from troth.channels.billing.models import Invoice, Order
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.gate.denials import UseDenied
from troth.core.notices.versions import current
from troth.core.people.models import Element

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows of an order or the sheet of an invoice, and why nothing opened if so."""

    rows: tuple[invoicing.Row, ...] = ()
    sheet: invoicing.Sheet | None = None
    denied: UseDenied | None = None


def order(found: Order, *, actor: Actor, purpose: Any) -> Shown:
    """What came with an order."""
    held = queries.elements(found.pk)
    rows, denied = _opened(held, lambda: tuple(map(invoicing.row, held)), actor, purpose)
    return Shown(rows, denied=denied)


def invoice(found: Invoice, *, actor: Actor, purpose: Any) -> Shown:
    """What stands on an invoice, whether its person is here or was erased."""
    held = [one for one in queries.elements(found.record) if one.category in invoicing.SHOWN]
    sheet, denied = _opened(held, lambda: invoicing.sheet(found), actor, purpose)
    return Shown(sheet=sheet, denied=denied)


def _opened(
    held: Sequence[Element], read: Callable[[], T], actor: Actor, purpose: Any
) -> tuple[T, UseDenied | None]:
    """What `read` makes of it inside a use for the purpose, or of what stays sealed."""
    if purpose is None or not held:
        return read(), None
    try:
        with uses.use(
            actor=actor, purpose=purpose.key, person=held[0].person, data=_asked(held, purpose.key)
        ):
            return read(), None
    except UseDenied as denied:
        return read(), denied


def _asked(held: Sequence[Element], purpose: str) -> list[str]:
    """The categories that the purpose reaches; all of them where it reaches none, so that the
    gate says why, and the attempt is on the ledger.
    """
    rules = current().rules
    every = sorted({one.category for one in held})
    reached = [
        category
        for category in every
        if rules.find("use", purpose, category).allowed
        and rules.find("collect", purpose, category, clauses.PLACE).allowed
    ]
    return reached or every
