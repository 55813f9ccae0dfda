"""Sums of days that are past, written at once: for a demo that has something to show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Final, NamedTuple

from troth.channels.web.counting import first_of
from troth.channels.web.grounds import (
    ACTIONS,
    BROWSER,
    CAMPAIGN,
    LANGUAGE,
    REFERRER,
    TERMS,
    Ground,
    requests,
    visits,
)
from troth.channels.web.models import Tally
from troth.core.inserting import insert_values
from troth.core.notices.versions import Published

Dimension, Span = Tally.Dimension, Tally.Span
NAMES: Final = (
    *("source", "span", "day", "page", "dimension", "value", "views", "visits", "visitors"),
)
_OF: Final = {
    REFERRER: (Dimension.REFERRER,),
    TERMS: (Dimension.TERMS,),
    CAMPAIGN: (Dimension.CAMPAIGN,),
    BROWSER: (Dimension.BROWSER, Dimension.SYSTEM, Dimension.DEVICE),
    LANGUAGE: (Dimension.LANGUAGE,),
    ACTIONS: (Dimension.ACTION,),
}


class Sum(NamedTuple):
    """What a day had of one value."""

    day: date
    page: str
    dimension: str
    value: str
    views: int
    visits: int
    visitors: int


class Kept(NamedTuple):
    """What a policy has counted: from where, of what, and whether visitors are told apart."""

    source: str
    dimensions: frozenset[str]
    visitors: bool


def kept(published: Published) -> list[Kept]:
    """What the policy has counted."""
    found = ((Tally.Source.VISIT, visits(published)), (Tally.Source.LOG, requests(published)))
    return [_kept(str(source), ground) for source, ground in found if ground is not None]


def _kept(source: str, ground: Ground) -> Kept:
    always = {Dimension.ALL, Dimension.PAGE, Dimension.ENTRY, Dimension.EXIT}
    named = {one for element in ground.elements for one in _OF.get(element, ())}
    links = (
        {Dimension.LINK} if ground.link and source == Tally.Source.VISIT else set[Tally.Dimension]()
    )
    told = ground.cookie is not None if source == Tally.Source.VISIT else ground.in_groups
    return Kept(source, frozenset(map(str, always | named | links)), told)


def write(source: str, sums: Iterable[Sum]) -> int:
    """Write the sums of days that have none yet, and of their months. Returns how many rows."""
    months: dict[tuple[date, str, str], list[int]] = {}
    rows: list[list[Any]] = []
    for one in sums:
        rows.append([source, Span.DAY.value, *one])
        if not one.page:
            key = (first_of(Span.MONTH, one.day), one.dimension, one.value)
            held = months.setdefault(key, [0, 0, 0])
            for at, count in enumerate((one.views, one.visits, one.visitors)):
                held[at] += count
    for (month, dimension, value), (views, began, visitors) in months.items():
        # Many come on more than one day of a month.
        row = [month, "", dimension, value, views, began, visitors * 2 // 3]
        rows.append([source, Span.MONTH.value, *row])
    insert_values(Tally, NAMES, rows)
    return len(rows)
