"""A line or an area over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.safestring import SafeString

from troth.kit.charts.drawing import WIDTH, Cell, Chart, Head, element, picture, text, ticks
from troth.kit.words import day, number

HEIGHT = 220
_LEFT, _TOP, _BOTTOM = 44.0, 14.0, 184.0
_RIGHT = WIDTH - 10.0
_POINTS_SHOWN = 16
_MOST = 3


@dataclass(frozen=True, slots=True)
class Series:
    """One line: (day, value) in order of days."""

    label: str
    points: Sequence[tuple[date, float]]


def line(
    title: str, series: Iterable[Series], *, unit: str = "", note: str = "", area: bool = False
) -> Chart:
    """Up to three lines, told apart by their dashes and named at their ends.

    ValueError for more than three: nobody can follow them without colour.
    """
    found = list(series)
    if len(found) > _MOST:
        raise ValueError(f"At most {_MOST} lines can be told apart; {len(found)} were given.")
    days = sorted({when for one in found for when, _ in one.points})
    scale = _Scale(days, max((v for one in found for _, v in one.points), default=0.0))
    drawn = list(scale.grid())
    for at, one in enumerate(found, 1):
        drawn += _draw(one, at, scale, area=area and at == 1)
    drawn += _names(found, scale)
    table = {one.label: dict(one.points) for one in found}
    rows = [
        [Cell(day(when)), *(_cell(table[one.label].get(when)) for one in found)] for when in days
    ]
    heads = [Head("Day"), *(Head(one.label or unit or "Number", numeric=True) for one in found)]
    return Chart(title, note, picture(title, _spoken(found), HEIGHT, drawn), heads, rows)


class _Scale:
    """From days and values to places on the drawing."""

    def __init__(self, days: list[date], top: float) -> None:
        self.days = days or [date(2000, 1, 1)]
        self.ticks = ticks(top)
        self.span = max((self.days[-1] - self.days[0]).days, 1)

    def x(self, when: date) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (when - self.days[0]).days / self.span

    def y(self, value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * value / self.ticks[-1]

    def grid(self) -> Iterable[SafeString]:
        for value in self.ticks:
            y = self.y(value)
            css = "chart-grid" if value else "chart-axis"
            yield element("path", class_=css, d=f"M{_LEFT} {y:.1f}H{_RIGHT}")
            written = number(int(value) if value == int(value) else value)
            yield text(written, _LEFT - 8, y + 4, soft=True, anchor="end")
        for at, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
            when = self.days[0] + timedelta(days=round(self.span * at))
            yield text(day(when), self.x(when), _BOTTOM + 18, soft=True, anchor=anchor)


def _draw(one: Series, at: int, scale: _Scale, *, area: bool) -> list[SafeString]:
    places = [(scale.x(when), scale.y(value)) for when, value in one.points]
    if not places:
        return []
    path = "M" + " ".join(f"{x:.1f} {y:.1f}" for x, y in places)
    drawn = []
    if area:
        closed = f"{path} {places[-1][0]:.1f} {_BOTTOM} {places[0][0]:.1f} {_BOTTOM}Z"
        drawn.append(element("path", class_="chart-area", d=closed))
    drawn.append(element("path", class_=f"chart-line chart-line-{at}", d=path))
    if len(places) <= _POINTS_SHOWN:
        drawn += [
            element(
                "circle",
                element("title", f"{day(when)}: {number(value)}"),
                class_=f"chart-point chart-point-{at}",
                cx=x,
                cy=y,
                r=3,
            )
            for (x, y), (when, value) in zip(places, one.points, strict=True)
        ]
    return drawn


def _names(found: list[Series], scale: _Scale) -> list[SafeString]:
    """A key of dashes under the days: names at line ends would run into each other."""
    if len(found) == 1:
        return []
    drawn = []
    x = _LEFT
    for at, one in enumerate(found, 1):
        y = _BOTTOM + 34
        drawn.append(element("path", class_=f"chart-line chart-line-{at}", d=f"M{x} {y - 4}h22"))
        drawn.append(text(one.label, x + 28, y))
        x += 44 + 7.0 * len(one.label)
    return drawn


def _cell(value: float | None) -> Cell:
    return Cell("–" if value is None else number(value), numeric=True)


def _spoken(found: list[Series]) -> str:
    parts = [
        f"{one.label}: from {number(one.points[0][1])} on {day(one.points[0][0])} "
        f"to {number(one.points[-1][1])} on {day(one.points[-1][0])}"
        for one in found
        if one.points
    ]
    return "; ".join(parts) or "Nothing yet."
