"""Bars, and one bar in parts: who is in, who is left out, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from django.utils.safestring import SafeString

from troth.kit.charts.drawing import (
    WIDTH,
    Cell,
    Chart,
    Head,
    element,
    picture,
    share,
    swatch,
    text,
    textures,
)
from troth.kit.words import number

_ROW = 42
_THIN = 22.0
_APART = 13.0


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: float
    clause: Any = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole; the first given is the one the picture is about."""

    label: str
    value: float
    clause: Any = ""


def bars(title: str, items: Iterable[Bar], *, unit: str = "", note: str = "") -> Chart:
    """One bar for each item, in the order given. Values are zero or more."""
    found = list(items)
    top = max((item.value for item in found), default=0) or 1
    drawn: list[SafeString] = []
    for at, item in enumerate(found):
        y = at * _ROW
        drawn += [
            text(item.label, 0, y + 14),
            text(number(item.value), WIDTH, y + 14, anchor="end"),
            element("rect", class_="chart-track", x=0, y=y + 21, width=WIDTH, height=10, rx=3),
            element(
                "rect",
                class_="chart-bar",
                x=0,
                y=y + 21,
                width=max(WIDTH * item.value / top, 2.0 if item.value else 0.0),
                height=10,
                rx=3,
            ),
        ]
    spoken = "; ".join(f"{item.label}: {number(item.value)}" for item in found)
    return Chart(
        title,
        note,
        picture(title, spoken or "Nothing yet.", max(len(found), 1) * _ROW, drawn),
        [Head("What"), Head(unit or "Number", numeric=True)],
        [[Cell(i.label, clause=i.clause), Cell(number(i.value), numeric=True)] for i in found],
    )


def stacked(title: str, parts: Iterable[Part], *, unit: str = "people", note: str = "") -> Chart:
    """One bar in parts told apart by texture and letter; the table says what each is and why."""
    found = list(parts)
    whole = sum(part.value for part in found)
    fills, defs = textures(len(found))
    letters = ascii_uppercase[: len(found)]
    drawn = [defs]
    widths = [WIDTH * part.value / whole if whole else 0.0 for part in found]
    places = _places(widths)
    x = 0.0
    for width, middle, fill, letter in zip(widths, places, fills, letters, strict=False):
        drawn.append(element("rect", x=x, y=24, width=width, height=40, fill=fill))
        drawn.append(element("rect", class_="chart-edge", x=x, y=24, width=width, height=40))
        if width:
            drawn.append(text(letter, middle, 16, anchor="middle"))
            if width < _THIN:
                drawn.append(
                    element(
                        "path", class_="chart-axis", d=f"M{middle:.1f} 19 {x + width / 2:.1f} 24"
                    )
                )
        x += width
    drawn += [
        text("0", 0, 80, soft=True),
        text(f"{number(whole)} {unit}", WIDTH, 80, soft=True, anchor="end"),
    ]
    spoken = "; ".join(
        f"{letter}, {part.label}: {number(part.value)}, {share(part.value, whole)}"
        for part, letter in zip(found, letters, strict=False)
    )
    rows = [
        [
            Cell(part.label, clause=part.clause, swatch=swatch(fill, letter)),
            Cell(number(part.value), numeric=True),
            Cell(share(part.value, whole), numeric=True),
        ]
        for part, fill, letter in zip(found, fills, letters, strict=False)
    ]
    heads = [Head("What"), Head(unit.capitalize(), numeric=True), Head("Share", numeric=True)]
    return Chart(title, note, picture(title, spoken or "Nothing yet.", 86, drawn), heads, rows)


def _places(widths: list[float]) -> list[float]:
    """Where the letters stand: over the middle of their part, moved apart where parts are thin."""
    places: list[float] = []
    x = 0.0
    for width in widths:
        before = places[-1] + _APART if places else 0.0
        places.append(max(x + width / 2, before) if width else max(x, before - _APART))
        x += width
    limit = WIDTH - 5.0
    for at in range(len(places) - 1, -1, -1):
        places[at] = min(places[at], limit)
        limit = places[at] - (_APART if widths[at] else 0.0)
    return places
