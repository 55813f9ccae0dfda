"""What a run would do: by clause, with figures, before anything is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from troth.core.notices.versions import Published, current
from troth.core.people.models import Element
from troth.core.retention import schedules
from troth.core.retention.beside import Beside, beside
from troth.core.retention.schedules import Pair, Schedule
from troth.policy.blocks import Keep


@dataclass(frozen=True, slots=True)
class Line:
    """What one clause would end: values, and of how many people."""

    keep: Keep
    places: tuple[Pair, ...]
    due: int
    schedule: Schedule | None = None
    beside: Beside | None = None

    @property
    def categories(self) -> list[str]:
        return sorted({category for _, category in self.places})

    @property
    def why(self) -> str:
        return f"kept {self.keep.period}"


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is due at a moment."""

    at: datetime
    published: Published
    lines: tuple[Line, ...]
    endless: tuple[Pair, ...]
    """Touchpoints and categories for which no clause says an end."""
    held: int
    """How many values there are."""
    locked: int
    """How many of them are locked."""

    @property
    def due(self) -> int:
        return sum(line.due for line in self.lines)

    @property
    def share(self) -> float:
        return self.due / self.held if self.held else 0.0


def plan(at: datetime) -> Plan:
    """What is due at a moment, from now or later."""
    published = current()
    everything = Element.objects.all()
    pairs = everything.order_by().values_list("touchpoint", "category").distinct()
    found, endless = schedules.schedules(published.rules, sorted(pairs))
    lines = [
        Line(
            one.last,
            one.pairs,
            schedules.due(one, published, at).count(),
            schedule=one,
        )
        for one in found
    ]
    rows = 0
    for one in beside(published):
        rows += one.rows().count()
        count = one.due(published, at).count()
        lines.append(Line(one.keep, (("", one.category),), count, beside=one))
    lines.sort(key=lambda line: _number(line.keep.clause))
    return Plan(
        at,
        published,
        tuple(line for line in lines if line.due),
        tuple(endless),
        everything.count() + rows,
        everything.filter(~Q(locked_at=None)).count(),
    )


def _number(clause: str) -> tuple[object, ...]:
    return tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in clause.split(".")
    )
