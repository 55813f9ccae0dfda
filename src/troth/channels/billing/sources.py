"""The report of where orders began: for the purpose of its clause, and joined to orders alone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from troth.channels.billing import clauses, money
from troth.channels.billing.beginning import SOURCE
from troth.channels.billing.models import Order
from troth.channels.billing.products import ABILITY
from troth.core.actors import Actor
from troth.core.errors import Missing
from troth.core.gate import uses
from troth.core.notices.versions import current
from troth.core.people.models import Element
from troth.kit.charts.bars import Bar, bars


class ReportMissing(Missing):
    """The policy collects no page that orders begin on."""


@dataclass(frozen=True, slots=True)
class Row:
    """A page of ours: how many orders began there, and what they came to."""

    page: str
    orders: int
    sums: str


@dataclass(frozen=True, slots=True)
class Report:
    """Where orders began: by page, and for each of the newest orders."""

    rows: list[Row]
    orders: list[tuple[Order, str]]
    untold: int
    """Orders of which no page may be known, or of people who refused this."""

    @property
    def picture(self) -> Any:
        found = [Bar(row.page, row.orders) for row in self.rows[:12]]
        return bars("Orders by the page they began on", found, unit="orders") if found else None


def purpose() -> str:
    """What the page an order began on is collected for; "" if the policy collects none."""
    rules = current().rules
    for block in rules.policy.collects:
        if block.at == clauses.PLACE and SOURCE in map(rules.category, block.data):
            return next(iter(block.purposes), "")
    return ""


def report(*, actor: Actor) -> Report:
    """Opened as one use of all whose orders may serve this, and recorded. It holds no name, and
    joins the page to the order it came with and to nothing else. Raises `UseDenied`.
    """
    actor.needs(ABILITY)
    if not (key := purpose()):
        raise ReportMissing("There is no such report.", why="No clause collects it.")
    orders = {one.pk: one for one in Order.objects.all()}
    with uses.use_audience(actor=actor, purpose=key, data=[SOURCE]) as opened:
        held = Element.objects.filter(
            touchpoint=clauses.PLACE, category=SOURCE, person__id__among=opened.whom or ()
        )
        pages = {one.record: one.value for one in held if isinstance(one.value, str)}
    known = {pk: pages[pk] for pk in orders if pk in pages}
    newest = sorted(known, key=lambda pk: orders[pk].placed_at, reverse=True)
    return Report(
        _rows([(orders[pk], page) for pk, page in known.items()]),
        [(orders[pk], known[pk]) for pk in newest[:50]],
        len(orders) - len(known),
    )


def _rows(found: list[tuple[Order, str]]) -> list[Row]:
    counts, sums = Counter(page for _, page in found), Counter[tuple[str, str]]()
    for order, page in found:
        sums[page, order.currency] += order.total
    return [
        Row(
            page,
            count,
            ", ".join(
                money.words(total, currency)
                for (at, currency), total in sorted(sums.items())
                if at == page
            ),
        )
        for page, count in counts.most_common()
    ]
