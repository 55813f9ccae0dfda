"""Orders among the sources of a request: what was bought and paid is put right by nobody's word."""

from __future__ import annotations

from collections.abc import Iterable

from troth.channels.billing import clauses
from troth.core.among import Ids
from troth.core.errors import Denied
from troth.core.people.models import Element
from troth.core.rights.api import Found, Left, Planned, Subject
from troth.core.rights.kinds import CORRECTION
from troth.core.rights.sources import Changes

MADE_HERE = (clauses.BOUGHT, clauses.PAYMENT)
"""What nobody typed: it came of the order itself, and of the payment company."""


class OrderDenied(Denied):
    """An invoice says what was bought, whatever somebody would rather have bought."""


class Orders:
    """What was bought, and what is kept of a card; all else of an order is in the own store."""

    key = "orders"
    label = "Orders"

    def steps(self, kind: str) -> tuple[str, ...]:
        return ()

    def plan(self, kind: str, subject: Subject, changes: Changes) -> list[Planned]:
        """Raises `OrderDenied`."""
        if kind != CORRECTION:
            return []
        mine = Element.objects.filter(
            person__id__among=Ids(subject.records), touchpoint=clauses.PLACE
        )
        if mine.filter(name__in=list(changes), category__in=MADE_HERE).exists():
            raise OrderDenied(
                "What was ordered and paid is not put right here.",
                why="Your invoices stand on it.",
                do="Write to us: an order that is wrong is refunded, and ordered anew.",
            )
        return []

    def run(self, step: str, kind: str, subject: Subject, changes: Changes) -> int:
        return 0

    def found(self, subject: Subject) -> Iterable[Found]:
        return ()

    def check(self, kind: str, subject: Subject, changes: Changes) -> list[Left]:
        return []
