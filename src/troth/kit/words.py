"""Dates, durations, numbers and Markdown as people read them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

import nh3
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from troth.core import clock

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_NEAR_MONTHS = 60

# What a policy or a mail is made of; no image, so nothing is fetched from anywhere.
_TAGS = frozenset(
    "p br strong em code pre ul ol li blockquote hr a h2 h3 h4 table thead tbody tr th td".split()
)


def day(value: date, *, today: date | None = None) -> str:
    """`3 May`, with the year unless it is this one."""
    value = _local(value)
    now = today or timezone.localdate(clock.now())
    written = f"{value.day} {MONTHS[value.month]}"
    return written if value.year == now.year else f"{written} {value.year}"


def moment(value: datetime, *, today: date | None = None) -> str:
    """`3 May, 14:02` in the current time zone."""
    local = _local(value)
    return f"{day(local, today=today)}, {local:%H:%M}"


def duration(span: timedelta) -> str:
    """The largest whole unit: `4 days`, `2 hours`, `less than a minute`. Sign is dropped."""
    seconds = abs(span.total_seconds())
    if seconds < _MINUTE:
        return "less than a minute"
    if seconds < _HOUR:
        return plural(int(seconds // _MINUTE), "minute")
    if seconds < 2 * _DAY:
        return plural(int(seconds // _HOUR), "hour")
    days = int(seconds // _DAY)
    if days < _NEAR_MONTHS:
        return plural(days, "day")
    return plural(days // 30, "month") if days < 730 else plural(days // 365, "year")  # noqa: PLR2004


def left(due: date, now: datetime | None = None) -> str:
    """`4 days left`, `due today`, `2 days late`. A bare date is due at the end of that day."""
    now = now or clock.now()
    if not isinstance(due, datetime):
        days = (due - timezone.localdate(now)).days
        if days == 0:
            return "due today"
        return f"{plural(abs(days), 'day')} {'left' if days > 0 else 'late'}"
    return f"{duration(due - now)} {'left' if due >= now else 'late'}"


def ago(value: datetime, now: datetime | None = None) -> str:
    """`2 hours ago`, `in 3 days`, `just now`."""
    now = now or clock.now()
    span = now - value
    if abs(span) < timedelta(seconds=_MINUTE):
        return "just now"
    return f"{duration(span)} ago" if span > timedelta() else f"in {duration(span)}"


def used(count: int, total: int, unit: str = "business day") -> str:
    """`2 of 10 business days used`."""
    return f"{number(count)} of {plural(total, unit)} used"


def number(value: float) -> str:
    """`12,480`; a fraction keeps at most two places."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".rstrip("0").rstrip(".")


def plural(count: int, one: str, many: str = "") -> str:
    """`1 person`, `12,480 people`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def in_words(count: int) -> str:
    """Nought to nine as words, larger numbers as figures: for sentences."""
    return _SMALL[count] if 0 <= count < len(_SMALL) else number(count)


def listing(items: list[str] | tuple[str, ...], joint: str = "and") -> str:
    """`name, address and phone number`."""
    *head, tail = items or ("",)
    return f"{', '.join(head)} {joint} {tail}" if head else tail


def markdown(text: str, *, rel: str = "noopener noreferrer") -> SafeString:
    """CommonMark with tables as safe HTML: raw HTML is shown as text, images are dropped.

    Headings start at level 2, for the page has its own; links get `rel`.
    """
    html = _markdown().render(text.replace("\x00", ""))
    html = html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return mark_safe(  # noqa: S308 - nh3 made it safe
        nh3.clean(
            html,
            tags=set(_TAGS),
            attributes={"a": {"href"}},
            url_schemes={"https", "http", "mailto", "tel"},
            link_rel=rel,
        )
    )


@cache
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def _local(value: date) -> date:
    """A moment in the current time zone; a naive one, and a bare date, stay as they are."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


__all__ = [
    "ago",
    "day",
    "duration",
    "in_words",
    "left",
    "listing",
    "markdown",
    "moment",
    "number",
    "plural",
    "used",
]
