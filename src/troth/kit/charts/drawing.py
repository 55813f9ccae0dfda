"""What all charts share: the table beside them, SVG elements, textures and round ticks."""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDTH = 480
_STEPS = (1, 2, 2.5, 5, 10)
_TEXTURES = (
    "",
    "M-2 2 2-2M0 8 8 0M6 10l4-4",
    "M4 3.9v.2M0 0v.1M8 0v.1M0 8v.1M8 8v.1",
    "M0 2h8M0 6h8",
    "M-2 6l4 4M0 0l8 8M6-2l4 4",
    "M2 0v8M6 0v8",
    "M0 4h8M4 0v8",
)


@dataclass(frozen=True, slots=True)
class Head:
    label: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the table; `swatch` is the texture of its part of the drawing."""

    text: str
    numeric: bool = False
    clause: Any = ""
    swatch: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, its words and its figures."""

    title: str
    note: str
    svg: SafeString
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]


def element(name: str, content: Any = "", **attributes: Any) -> SafeString:
    """An SVG element. `class_` is the class; other underscores become hyphens, None is left out."""
    pairs = (
        ("class" if key == "class_" else key.replace("_", "-"), _plain(value))
        for key, value in attributes.items()
        if value is not None
    )
    return format_html(
        "<{}{}>{}</{}>",
        mark_safe(name),  # noqa: S308 - our own names
        format_html_join("", ' {}="{}"', pairs),
        conditional_escape(content),
        mark_safe(name),  # noqa: S308
    )


def together(elements: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((one,) for one in elements))


def text(words: str, x: float, y: float, *, soft: bool = False, anchor: str = "") -> SafeString:
    css = "chart-soft" if soft else "chart-text"
    return element("text", words, class_=css, x=x, y=y, text_anchor=anchor or None)


def picture(
    title: str, description: str, height: float, elements: Iterable[SafeString]
) -> SafeString:
    """The whole drawing with its accessible name and description."""
    name = f"c{secrets.token_hex(4)}"
    return element(
        "svg",
        together(
            [
                element("title", title, id=f"{name}-t"),
                element("desc", description, id=f"{name}-d"),
                *elements,
            ]
        ),
        viewBox=f"0 0 {WIDTH} {_plain(height)}",
        role="img",
        aria_labelledby=f"{name}-t",
        aria_describedby=f"{name}-d",
    )


def textures(count: int) -> tuple[list[str], SafeString]:
    """`count` fills told apart without colour, and the `<defs>` that hold them."""
    name = f"p{secrets.token_hex(4)}"
    defs = [
        element(
            "pattern",
            together(
                [
                    element("rect", class_="chart-ground", width=8, height=8),
                    element("path", class_="chart-mark", d=path, stroke_linecap="round"),
                ]
            )
            if path
            else element("rect", class_="chart-bar", width=8, height=8),
            id=f"{name}-{at}",
            width=8,
            height=8,
            patternUnits="userSpaceOnUse",
        )
        for at, path in enumerate(_TEXTURES)
    ]
    fills = [f"url(#{name}-{0 if at == 0 else 1 + (at - 1) % 6})" for at in range(count)]
    return fills, element("defs", together(defs))


def swatch(fill: str, letter: str) -> SafeString:
    """A texture with its letter, for the table."""
    return format_html(
        '<span class="swatch-letter">{}</span>{}',
        letter,
        element(
            "svg",
            element("rect", width=20, height=14, fill=fill),
            class_="swatch",
            viewBox="0 0 20 14",
            aria_hidden="true",
        ),
    )


def ticks(top: float, count: int = 4) -> list[float]:
    """Round values from 0 to at least `top`, about `count` steps apart."""
    if top <= 0:
        return [0.0, 1.0]
    rough = top / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * s for s in _STEPS if power * s >= rough * 0.999)
    return [step * n for n in range(math.ceil(top / step - 1e-9) + 1)]


def share(part: float, whole: float) -> str:
    """`12.5%`; nothing of nothing is 0%."""
    value = 100 * part / whole if whole else 0.0
    return f"{value:.1f}".rstrip("0").rstrip(".") + "%"


def _plain(value: Any) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
