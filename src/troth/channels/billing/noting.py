"""Putting steps of an order on the ledger, under the clause the order came by."""

from __future__ import annotations

from collections.abc import Mapping

from troth.channels.billing import clauses
from troth.channels.billing.models import Order
from troth.core.actors import Actor
from troth.core.ledger.api import record
from troth.core.notices.versions import current


def note(
    act: str,
    order: Order,
    *,
    actor: Actor,
    to: str = "",
    purpose: str = "",
    clause: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Record a step of an order, in the transaction of the step."""
    record(
        act=act,
        organisation=order.organisation_id,
        actor=actor,
        subject=order.person.ref,
        purpose=purpose or clauses.paying(),
        clause=clause or order.clause,
        version=current().version,
        data=[clauses.BOUGHT],
        to=to,
        detail={"order": order.ref} if detail is None else detail,
    )
