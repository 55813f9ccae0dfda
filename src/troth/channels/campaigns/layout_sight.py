"""Whether the words of a template's link can be seen: their colour on their ground, and their size.

Only what is plainly readable counts. A colour or a size in a spelling that is not known here is
taken for one that cannot be seen, so that nothing hides behind a way of writing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Final

from troth.kit.accent import contrast

FAINTEST: Final = 3.0
"""The contrast that WCAG 2.2 asks of large text at least."""
SMALLEST: Final = 8.0
"""Pixels."""
_USUAL: Final = 16.0
_LINK: Final = "#0000ee"
_SHIFTS: Final = 40.0  # pixels that a negative margin or spacing may move something
_NAMES: Final = {
    "black": "#000000",
    "white": "#ffffff",
    "gray": "#808080",
    "grey": "#808080",
    "silver": "#c0c0c0",
    "red": "#ff0000",
    "maroon": "#800000",
    "green": "#008000",
    "lime": "#00ff00",
    "navy": "#000080",
    "blue": "#0000ff",
    "teal": "#008080",
    "aqua": "#00ffff",
    "purple": "#800080",
    "fuchsia": "#ff00ff",
    "olive": "#808000",
    "yellow": "#ffff00",
    "orange": "#ffa500",
}
_RGB: Final = re.compile(r"rgb\((\d{1,3})[ ,]+(\d{1,3})[ ,]+(\d{1,3})\)")
_SIZE: Final = re.compile(r"(\d+(?:\.\d+)?|\.\d+)(px|pt|em|rem|%)")
_KEYWORDS: Final = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
}
_SHRINKS: Final = {"small": 0.83, "sub": 0.83, "sup": 0.83, "h5": 0.83, "h6": 0.67}
_MOVES: Final = re.compile(r"-\s*(\d+(?:\.\d+)?|\.\d+)(px|pt|em|rem|%|[a-z]+)")
_MOVING: Final = ("margin", "letter-spacing", "vertical-align")
_ALONE: Final = frozenset(("br", "hr", "img"))


@dataclass(frozen=True, slots=True)
class _Look:
    """How words here look: None for a colour that is not known."""

    tag: str = ""
    link: str = ""
    colour: str | None = "#000000"
    ground: str | None = "#ffffff"
    size: float = _USUAL
    moved: bool = False

    def seen(self) -> bool:
        if self.colour is None or self.ground is None or self.moved or self.size < SMALLEST:
            return False
        return contrast(self.colour, self.ground) >= FAINTEST


@dataclass
class _Sight(HTMLParser):
    """Walks markup whose elements are nested well, as nh3 leaves it."""

    address: str
    found: bool = False
    _looks: list[_Look] = field(default_factory=lambda: [_Look()])

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ALONE:
            self._looks.append(_inside(self._looks[-1], tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if len(self._looks) > 1 and self._looks[-1].tag == tag:
            self._looks.pop()

    def handle_data(self, data: str) -> None:
        look = self._looks[-1]
        if look.link == self.address and any(c.isalnum() for c in data):
            self.found = self.found or look.seen()


def seen(markup: str, address: str) -> bool:
    """Whether a link to `address` has words that people see. `markup` is what nh3 made."""
    sight = _Sight(address)
    sight.feed(markup)
    sight.close()
    return sight.found


def _inside(outer: _Look, tag: str, attributes: dict[str, str | None]) -> _Look:
    look = replace(outer, tag=tag, size=outer.size * _SHRINKS.get(tag, 1.0))
    if tag == "a":
        look = replace(look, link=attributes.get("href") or "", colour=_LINK)
    if ground := attributes.get("bgcolor"):
        look = replace(look, ground=_colour(ground, outer.ground))
    for part in (attributes.get("style") or "").lower().split(";"):
        name, _, value = (one.strip() for one in part.partition(":"))
        value = re.sub(r"\s*!\s*important$", "", value)
        if name == "color":
            look = replace(look, colour=_colour(value, outer.colour))
        elif name == "background-color":
            look = replace(look, ground=_colour(value, outer.ground))
        elif name == "font-size":
            look = replace(look, size=_size(value, outer.size))
        elif name.startswith(_MOVING) and _away(value):
            look = replace(look, moved=True)
    return look


def _colour(text: str, outer: str | None) -> str | None:
    """As #rrggbb; `outer` for what takes the colour around it; None for any other spelling."""
    text = text.strip().lower()
    if text in ("inherit", "currentcolor", "transparent"):
        return outer
    if re.fullmatch("#[0-9a-f]{3}", text):
        return "#" + "".join(c * 2 for c in text[1:])
    if re.fullmatch("#[0-9a-f]{6}", text):
        return text
    if found := _RGB.fullmatch(text):
        return "#" + "".join(f"{min(int(part), 255):02x}" for part in found.groups())
    return _NAMES.get(text)


def _size(text: str, outer: float) -> float:
    """In pixels; 0 for a spelling that is not known."""
    if text in ("inherit", "smaller", "larger"):
        return outer * {"inherit": 1.0, "smaller": 0.83, "larger": 1.2}[text]
    found = _SIZE.fullmatch(text)
    if found is None:
        return _KEYWORDS.get(text, 0.0)
    by = {"px": 1.0, "pt": 4 / 3, "em": outer, "rem": _USUAL, "%": outer / 100}[found[2]]
    return float(found[1]) * by


def _away(value: str) -> bool:
    """Whether it moves something far off, or says how far in a way that is not known."""
    if "(" in value:
        return True
    steps = {"px": 1.0, "pt": 4 / 3, "em": _USUAL, "rem": _USUAL, "%": _USUAL}
    return any(
        float(number) * steps.get(unit, 100.0) > _SHIFTS for number, unit in _MOVES.findall(value)
    )
