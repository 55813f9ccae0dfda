"""Deadlines ahead and behind, on one line of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from troth.core import clock
from troth.kit.charts.drawing import WIDTH, Cell, Chart, Head, element, picture, text
from troth.kit.words import day, plural

_ROW = 28.0
_HEAD = 26.0
_SOON = 3
_MARKS = {
    # Told apart by shape first: a cross, a triangle, a disc.
    "late": "M-6-6 6 6M6-6-6 6",
    "soon": "M0-7 7 6H-7Z",
    "ahead": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0Z",
}


@dataclass(frozen=True, slots=True)
class Deadline:
    label: str
    due: date
    clause: Any = ""


def deadlines(
    title: str, items: Iterable[Deadline], *, today: date | None = None, note: str = ""
) -> Chart:
    """Each deadline in a row of its own, soonest first; a cross is late, a triangle is near."""
    now = today or timezone.localdate(clock.now())
    found = sorted(items, key=lambda item: item.due)
    first = min([now, *(item.due for item in found)])
    last = max([now, *(item.due for item in found)])
    span = max((last - first).days, 1)

    def place(when: date) -> float:
        return 10 + (WIDTH - 20) * (when - first).days / span

    height = _HEAD + _ROW * max(len(found), 1)
    at_today = place(now)
    drawn = [
        element("path", class_="chart-today", d=f"M{at_today:.1f} {_HEAD - 6}V{height}"),
        text("today", at_today, 14, anchor=_anchor(at_today)),
    ]
    for row, item in enumerate(found):
        drawn += _row(item, place(item.due), _HEAD + _ROW * row + _ROW / 2, now)
    spoken = "; ".join(f"{item.label}: {_left(item.due, now)}" for item in found)
    rows = [
        [
            Cell(item.label, clause=item.clause),
            Cell(day(item.due, today=now)),
            Cell(_left(item.due, now)),
        ]
        for item in found
    ]
    heads = [Head("What"), Head("Due"), Head("Time")]
    return Chart(title, note, picture(title, spoken or "None.", height, drawn), heads, rows)


def _row(item: Deadline, x: float, y: float, now: date) -> list[SafeString]:
    days = (item.due - now).days
    state = "late" if days < 0 else "soon" if days <= _SOON else "ahead"
    css = "chart-cross" if state == "late" else f"chart-{state}"
    flip = x > WIDTH / 2
    return [
        element("path", class_="chart-grid", d=f"M0 {y}H{WIDTH}"),
        element("path", class_=css, d=_MARKS[state], transform=f"translate({x:.1f} {y})"),
        text(
            f"{item.label}, {_left(item.due, now)}",
            x - 13 if flip else x + 13,
            y + 4,
            anchor="end" if flip else "start",
        ),
    ]


def _left(due: date, now: date) -> str:
    days = (due - now).days
    if days == 0:
        return "due today"
    return f"{plural(abs(days), 'day')} {'left' if days > 0 else 'late'}"


def _anchor(x: float) -> str:
    return "start" if x < 40 else "end" if x > WIDTH - 40 else "middle"  # noqa: PLR2004
