"""What was counted, for the pages: sums over days, what came most often, what rises and falls."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import F, Max, Q, Sum
from django.db.models.functions import Greatest

from troth.channels.web.counting import LATELY
from troth.channels.web.models import Lately, Tally
from troth.core import clock

Dimension, Source, Span = Tally.Dimension, Tally.Source, Tally.Span
MOST: Final = 10
BY_VISITS: Final = frozenset(
    {Dimension.ENTRY, Dimension.EXIT, Dimension.REFERRER, Dimension.TERMS, Dimension.CAMPAIGN}
)
"""What is counted once a visit; all else once a view."""


@dataclass(frozen=True, slots=True)
class Days:
    """A range of whole days."""

    first: date
    last: date

    @classmethod
    def until_now(cls, count: int) -> Days:
        today = clock.now().date()
        return cls(today - timedelta(days=count - 1), today)

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Days:
        """As many days, just before."""
        span = timedelta(days=self.count)
        return Days(self.first - span, self.last - span)

    def __iter__(self) -> Any:
        return (self.first + timedelta(days=at) for at in range(self.count))


@dataclass(frozen=True, slots=True)
class Totals:
    views: int = 0
    visits: int = 0
    visitors: int = 0
    """Of each day, added up: who comes on two days counts twice."""


@dataclass(frozen=True, slots=True)
class Line:
    """One value of a dimension."""

    value: str
    views: int
    visits: int
    visitors: int
    weight: int
    """What the lines are ordered by: views or visits."""


@dataclass(frozen=True, slots=True)
class Move:
    """How much more or less of something there was than before."""

    value: str
    now: int
    before: int

    @property
    def change(self) -> int:
        return self.now - self.before


def _days(source: str, days: Days, dimension: str, page: str = "") -> Any:
    return Tally.objects.filter(
        source=source,
        span=Span.DAY,
        day__gte=days.first,
        day__lte=days.last,
        dimension=dimension,
        page=page,
    )


def totals(source: str, days: Days, page: str = "") -> Totals:
    """What there was in a range, of the site or of one page of it."""
    rows = _days(source, days, Dimension.ALL, page)
    found = rows.aggregate(views=Sum("views"), visits=Sum("visits"), visitors=Sum("visitors"))
    return Totals(*(max(found[name] or 0, 0) for name in ("views", "visits", "visitors")))


def by_day(source: str, days: Days, page: str = "") -> dict[date, Totals]:
    """Each day of a range, also those without a view."""
    rows = _days(source, days, Dimension.ALL, page)
    found = {row.day: Totals(row.views, row.visits, row.visitors) for row in rows}
    return {day: found.get(day, Totals()) for day in days}


def top(source: str, days: Days, dimension: str, page: str = "", most: int = MOST) -> list[Line]:
    """What came most often."""
    key = "visits" if dimension in BY_VISITS else "views"
    rows = (
        _days(source, days, dimension, page)
        .values("value")
        .annotate(all_views=Sum("views"), all_visits=Sum("visits"), all_visitors=Sum("visitors"))
        .annotate(weight=Greatest(F(f"all_{key}"), 0))
        .filter(weight__gt=0)
        .order_by("-weight", "value")[:most]
    )
    return [
        Line(
            row["value"],
            max(row["all_views"], 0),
            max(row["all_visits"], 0),
            row["all_visitors"],
            row["weight"],
        )
        for row in rows
    ]


def pages(source: str, days: Days, most: int = 200) -> list[str]:
    """The pages that were looked at most, to choose one from."""
    return [line.value for line in top(source, days, Dimension.PAGE, most=most)]


def lately() -> tuple[int, list[tuple[str, int]], list[int]]:
    """Views of the last half hour: all, by page, and in each of its minutes."""
    now = clock.now()
    since = (now - LATELY).replace(second=0, microsecond=0)
    rows = list(Lately.objects.filter(minute__gt=since))
    pages: dict[str, int] = {}
    minutes = [0] * (LATELY // timedelta(minutes=1))
    for row in rows:
        pages[row.page] = pages.get(row.page, 0) + row.views
        at = int((row.minute - since) / timedelta(minutes=1)) - 1
        if 0 <= at < len(minutes):
            minutes[at] += row.views
    most = sorted(pages.items(), key=lambda one: (-one[1], one[0]))[:MOST]
    return sum(minutes), most, minutes


def months(source: str, count: int = 12) -> list[tuple[date, Totals]]:
    """The last months, from the first of which anything is known."""
    first = clock.now().date().replace(day=1)
    for _ in range(count - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    rows = Tally.objects.filter(
        source=source, span=Span.MONTH, day__gte=first, dimension=Dimension.ALL, page=""
    )
    return [(row.day, Totals(row.views, row.visits, row.visitors)) for row in rows.order_by("day")]


def moves(source: str, days: Days, dimension: str, most: int = 6) -> list[Move]:
    """What rose and fell most against the days before."""
    key = "visits" if dimension in BY_VISITS else "views"
    now, before = (
        {
            row["value"]: max(row["sum"], 0)
            for row in _days(source, span, dimension).values("value").annotate(sum=Sum(key))
        }
        for span in (days, days.before)
    )
    found = [Move(one, now.get(one, 0), before.get(one, 0)) for one in now.keys() | before.keys()]
    found.sort(key=lambda move: (-abs(move.change), move.value))
    return [move for move in found if move.change][:most]


def months_known(source: str) -> list[date]:
    """The months there are figures of, the newest first."""
    rows = Tally.objects.filter(source=source, span=Span.MONTH, dimension=Dimension.ALL, page="")
    return list(rows.order_by("-day").values_list("day", flat=True))


def groups(source: str, month: date, dimension: str, least: int) -> Iterable[Line]:
    """The values of a month that at least so many different browsers had.

    How many is known by the month; or else by its best day, which are as many at the least.
    """
    there = Q(source=source, dimension=dimension, page="")
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    daily = dict(
        Tally.objects.filter(there, span=Span.DAY, day__gte=month, day__lte=last)
        .values("value")
        .annotate(most=Max("visitors"))
        .values_list("value", "most")
    )
    for row in Tally.objects.filter(there, span=Span.MONTH, day=month).order_by("value"):
        browsers = max(row.visitors, daily.get(row.value, 0))
        if browsers >= least:
            weight = row.visits if dimension in BY_VISITS else row.views
            yield Line(row.value, row.views, max(row.visits, 0), browsers, max(weight, 0))
