"""A past for the report of visits: sums of each day, as counting would have left them. No visitor
of the demo ever was, so there is nobody to be known.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from troth.channels.web.api import Kept, Sum, kept_of_visits, write_visits
from troth.core import clock
from troth.core.notices.versions import current

DAYS: Final = 190
IN_DETAIL: Final = 14
"""Days of which each page has figures of its own."""
USUAL: Final = 60
"""Visits of a working day at the end."""
Weights = tuple[tuple[str, int], ...]

PAGES: Final[Weights] = (
    *(("/", 34), ("/forms/contact", 17), ("/policy", 12), ("/account/login/", 11)),
    *(("/account/register/", 8), ("/news/", 7), ("/preferences/", 4), ("/cookies", 4)),
)
VALUES: Final[dict[str, Weights]] = {
    "referrer": (
        *(("search.example", 44), ("harbour-gazette.example/small-business", 14)),
        *(("forum.example/t/which-help-desk", 11), ("reviews.example/help-desks", 9)),
        *(("social.example", 6), ("partners.example/list", 5)),
    ),
    "terms": (
        *(("help desk small company", 21), ("live chat privacy", 17), ("where is my data", 9)),
        *(("opening hours", 8), ("delete my account", 5)),
    ),
    "campaign": (("spring-letter", 12), ("trade-fair", 7)),
    "browser": (("Chrome", 52), ("Safari", 24), ("Firefox", 13), ("Edge", 9), ("Opera", 2)),
    "system": (
        *(("Windows", 36), ("Android", 24), ("iPhone", 20), ("macOS", 12)),
        *(("Linux", 6), ("iPad", 2)),
    ),
    "device": (("Computer", 54), ("Phone", 42), ("Tablet", 4)),
    "language": (("en", 66), ("es", 14), ("fr", 11), ("de", 9)),
    "link": (("docs.example/start", 12), ("status.example", 7), ("maps.example/office", 5)),
}
ONCE_A_VISIT: Final = frozenset({"referrer", "terms", "campaign"})
SHARE: Final = {"referrer": 0.55, "terms": 0.22, "campaign": 0.06, "link": 0.12}
"""Of all visits, or of all views, how many have a value of it."""


def past_visits(choose: Random) -> int:
    """Write what the policy in force would have had counted. Returns the number of rows."""
    today = clock.now().date()
    return sum(
        write_visits(kept.source, _days(kept, today, choose)) for kept in kept_of_visits(current())
    )


def _days(kept: Kept, today: date, choose: Random) -> Iterator[Sum]:
    for at in range(DAYS, 0, -1):
        day = today - timedelta(days=at)
        weekend = 0.35 if day.weekday() > 4 else 1.0  # noqa: PLR2004 - Saturday and Sunday
        growth = 0.55 + 0.45 * (1 - at / DAYS)
        visits = round(USUAL * weekend * growth * choose.uniform(0.75, 1.25))
        yield from _day(kept, day, visits, detailed=at <= IN_DETAIL, choose=choose)


def _day(kept: Kept, day: date, visits: int, *, detailed: bool, choose: Random) -> Iterator[Sum]:
    views = round(visits * choose.uniform(2.1, 2.9))
    yield _sum(kept, day, "", "", "", views, visits)
    for page, count in _spread(PAGES, views, choose):
        began = min(count, round(visits * count / max(views, 1)))
        yield _sum(kept, day, "", "page", page, count, began)
        for dimension in ("entry", "exit"):
            if began:
                yield Sum(day, "", dimension, page, began, began, 0)
        if detailed:
            yield _sum(kept, day, page, "", "", count, began)
            yield from _kinds(kept, day, page, count, began, choose)
    yield from _kinds(kept, day, "", views, visits, choose)


def _kinds(
    kept: Kept, day: date, page: str, views: int, visits: int, choose: Random
) -> Iterator[Sum]:
    for dimension, weights in VALUES.items():
        if dimension not in kept.dimensions:
            continue
        of = visits if dimension in ONCE_A_VISIT else views
        for value, count in _spread(weights, round(of * SHARE.get(dimension, 1)), choose):
            began = count if dimension in ONCE_A_VISIT else min(count, visits)
            yield _sum(kept, day, page, dimension, value, count, began)


def _sum(
    kept: Kept, day: date, page: str, dimension: str, value: str, views: int, visits: int
) -> Sum:
    visitors = max(1, round(visits * 0.85)) if kept.visitors and visits else 0
    return Sum(day, page, dimension, value, views, visits, visitors)


def _spread(weights: Weights, count: int, choose: Random) -> Iterator[tuple[str, int]]:
    """`count` over the values, about as they weigh; what is none is left out."""
    whole = sum(weight for _, weight in weights)
    for value, weight in weights:
        part = round(count * weight / whole * choose.uniform(0.8, 1.2))
        if part:
            yield value, part
