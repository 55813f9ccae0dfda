"""The pages of the console that show what was counted."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from troth.channels.web import looking, paths, queries
from troth.channels.web.actions import MANAGE
from troth.channels.web.counting import LATELY
from troth.channels.web.grounds import visits
from troth.channels.web.models import Tally
from troth.channels.web.queries import Days, Totals
from troth.core.notices.versions import current
from troth.core.staff.models import Role
from troth.kit.charts import Bar, Chart, Part, Series, bars, line, stacked
from troth.kit.shell import Link
from troth.kit.tables import with_query
from troth.kit.words import number

Dimension, Source = Tally.Dimension, Tally.Source
RANGES: Final = {"7": "7 days", "30": "30 days", "90": "90 days", "365": "A year"}
USUAL: Final = "30"
LISTS: Final = (
    *(Dimension.PAGE, Dimension.ENTRY, Dimension.EXIT, Dimension.REFERRER, Dimension.TERMS),
    *(Dimension.CAMPAIGN, Dimension.LINK, Dimension.ACTION, Dimension.SYSTEM, Dimension.LANGUAGE),
)
OF_A_PAGE: Final = frozenset(
    {Dimension.REFERRER, Dimension.TERMS, Dimension.CAMPAIGN, Dimension.LINK, Dimension.ACTION}
    | {Dimension.SYSTEM, Dimension.LANGUAGE}
)
LONGEST_LABEL: Final = 58
TRENDS: Final = (Dimension.PAGE, Dimension.REFERRER, Dimension.TERMS)


def tabs(request: Any, here: str) -> list[Link]:
    """The parts of these pages that the member's role opens."""
    able = request.actor.abilities
    parts = [("", "Visits", True), ("now", "Now", visits(current()) is not None)]
    parts.append(("trends", "Trends", True))
    parts.append(("figures", "Figures for others", Role.Ability.PEOPLE_EXPORT in able))
    parts.append(("sites", "Sites", MANAGE in able))
    return [
        Link(word, f"/console/web/{key}", current=key == here) for key, word, may in parts if may
    ]


@never_cache
@require_safe
def overview(request: Any) -> HttpResponse:
    """Views, visits and visitors over a range, and what they were of."""
    found = looking.look(request)
    chosen = request.GET.get("days", USUAL)
    chosen = chosen if chosen in RANGES else USUAL
    days, page = Days.until_now(int(chosen)), str(request.GET.get("page", ""))[: paths.LONGEST]
    known = queries.pages(found.source, days)
    page = page if page in known else ""
    now, before = (queries.totals(found.source, span, page) for span in (days, days.before))
    context = {
        "look": found,
        "tabs": tabs(request, ""),
        "ranges": [
            Link(word, with_query(request, days=key), current=key == chosen)
            for key, word in RANGES.items()
        ],
        "sources": [
            Link(word, with_query(request, source=key, page=None), current=here)
            for key, word, here in found.sources
        ],
        "days": chosen,
        "page": page,
        "pages": known,
        "figures": _figures(now, before),
        "visitors": now.visitors,
        "empty": not now.views,
    }
    if now.views:
        context |= {
            "chart": _over_time(found.source, days, page),
            "lists": _lists(found.source, days, page),
            "parts": _parts(found.source, days, page),
        }
    return render(request, "web/overview.html", context)


def _figures(now: Totals, before: Totals) -> list[dict[str, str]]:
    """The sums, each with how it stands against as many days before."""
    return [
        {"label": label, "value": number(value), "change": _change(value, then)}
        for label, value, then in (
            ("Visitors", now.visitors, before.visitors),
            ("Visits", now.visits, before.visits),
            ("Views", now.views, before.views),
        )
        if value or label != "Visitors"
    ]


def _change(now: int, before: int) -> str:
    if not before:
        return "nothing to compare with"
    share = round(100 * (now - before) / before)
    return (
        "as many as before" if not share else f"{abs(share)} % {'more' if share > 0 else 'fewer'}"
    )


def _over_time(source: str, days: Days, page: str) -> Chart:
    now, then = (queries.by_day(source, span, page) for span in (days, days.before))
    views = [(day, one.views) for day, one in now.items()]
    second = "Visitors" if any(one.visitors for one in now.values()) else "Visits"
    other = [(day, getattr(one, second.lower())) for day, one in now.items()]
    earlier = [(day, one.views) for day, one in zip(now, then.values(), strict=True)]
    series = [Series("Views", views), Series(second, other)]
    if any(value for _, value in earlier):
        series.append(Series("Views, the days before", earlier))
    return line("Day by day", series, unit="views", area=True)


def _lists(source: str, days: Days, page: str) -> list[dict[str, Any]]:
    return [
        {
            "title": Dimension(dimension).label,
            "key": dimension,
            "unit": "Visits" if dimension in queries.BY_VISITS else "Views",
            "lines": lines,
        }
        for dimension in LISTS
        if (not page or dimension in OF_A_PAGE)
        and (lines := queries.top(source, days, dimension, page))
    ]


def _parts(source: str, days: Days, page: str) -> list[Chart]:
    """Shares: few kinds each."""
    found = []
    for dimension in (Dimension.BROWSER, Dimension.DEVICE):
        lines = queries.top(source, days, dimension, page, most=6)
        if lines:
            parts = [Part(one.value, one.views) for one in lines]
            found.append(stacked(Dimension(dimension).label, parts, unit="views"))
    return found


@never_cache
@require_safe
def now(request: Any) -> HttpResponse:
    """The last half hour; it asks again by itself."""
    found = looking.look(request, only=Source.VISIT)
    views, pages, minutes = queries.lately()
    context = {
        "look": found,
        "tabs": tabs(request, "now"),
        "views": views,
        "pages": pages,
        "minutes": LATELY.seconds // 60,
        "busiest": max(minutes, default=0),
        "chart": bars(
            "Views by page", [Bar(_short(page), count) for page, count in pages], unit="views"
        ),
    }
    return render(request, "web/now.html", context)


@never_cache
@require_safe
def trends(request: Any) -> HttpResponse:
    """Month by month, and what rises and falls: what people look for."""
    found = looking.look(request, wide=True)
    months = queries.months(found.source)
    days = Days.until_now(30)
    series = [Series("Views", [(month, one.views) for month, one in months])]
    series.append(Series("Visits", [(month, one.visits) for month, one in months]))
    if any(one.visitors for _, one in months):
        series.append(Series("Visitors", [(month, one.visitors) for month, one in months]))
    context = {
        "look": found,
        "tabs": tabs(request, "trends"),
        "chart": line("Month by month", series) if months else None,
        "moves": [
            {"title": Dimension(dimension).label, "lines": lines}
            for dimension in TRENDS
            if (lines := queries.moves(found.source, days, dimension))
        ],
    }
    return render(request, "web/trends.html", context)


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1]}…"
