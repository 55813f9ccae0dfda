"""An organisation's colour as a small stylesheet, adjusted until it can be read.

A strict Content-Security-Policy forbids style attributes, so the colour arrives as a stylesheet
of its own. Contrast is WCAG 2.2 relative luminance; the accent carries text, so it must reach
4.5:1 (success criterion 1.4.3) on every ground it stands on, in the light and the dark theme.
"""

from __future__ import annotations

import colorsys
import re
from typing import NamedTuple

from troth.core.errors import Invalid

DEFAULT = "#2d4f8e"
READABLE = 4.5
# The grounds of tokens.css on which an accent stands: paper, surface, sunken, hover.
LIGHT_GROUNDS = ("#faf9f7", "#ffffff", "#f3f1ed", "#f1efeb")
DARK_GROUNDS = ("#131416", "#1a1c1f", "#0e0f11", "#24272b")
_HEX = re.compile(r"#?(?P<hex>[0-9a-fA-F]{6}|[0-9a-fA-F]{3})")


class AccentInvalid(Invalid):
    """The accent is not a colour of three or six hexadecimal digits."""


class Tones(NamedTuple):
    """One theme's five accent colours, as `#rrggbb`."""

    accent: str
    strong: str
    soft: str
    line: str
    on: str


def normal(accent: str) -> str:
    """`1F6`, `#1f6f5c` and the like as `#rrggbb` in lower case; else AccentInvalid."""
    found = _HEX.fullmatch(accent.strip())
    if found is None:
        raise AccentInvalid(
            "An accent is a colour such as #1f6f5c: a # and three or six hexadecimal digits."
        )
    digits = found["hex"].lower()
    return "#" + (digits if len(digits) == 6 else "".join(d * 2 for d in digits))  # noqa: PLR2004


def contrast(one: str, other: str) -> float:
    """The WCAG contrast ratio of two `#rrggbb` colours, from 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def tones(accent: str, *, dark: bool) -> Tones:
    """The accent for one theme: as given if it can be read, else the nearest shade that can."""
    grounds = DARK_GROUNDS if dark else LIGHT_GROUNDS
    towards = 1.0 if dark else 0.0
    soft = _mix(normal(accent), grounds[1], 0.8 if dark else 0.9)
    readable = _readable(normal(accent), (*grounds, soft), towards)
    strong = _mix(readable, "#ffffff" if dark else "#000000", 0.25)
    line = _mix(readable, grounds[1], 0.6)
    ink = max(("#ffffff", "#10141c"), key=lambda colour: contrast(colour, readable))
    return Tones(readable, strong, soft, line, ink)


def stylesheet(accent: str) -> str:
    """The stylesheet that sets the accent for both themes. AccentInvalid for no colour."""
    pairs = zip(
        ("accent", "accent-strong", "accent-soft", "accent-line", "on-accent"),
        tones(accent, dark=False),
        tones(accent, dark=True),
        strict=True,
    )
    rules = "".join(f"--{name}:light-dark({light},{dark});" for name, light, dark in pairs)
    # Unlayered, so it wins over the layer of tokens.css whatever the order of the links.
    return f":root{{{rules}}}\n"


def _readable(colour: str, grounds: tuple[str, ...], towards: float) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(colour))
    for step in range(101):
        share = step / 100
        moved = lightness + (towards - lightness) * share
        candidate = _hex(colorsys.hls_to_rgb(hue, moved, saturation)) if step else colour
        if all(contrast(candidate, ground) >= READABLE for ground in grounds):
            return candidate
    return "#ffffff" if towards else "#000000"


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for part in _rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _mix(colour: str, ground: str, share: float) -> str:
    """`colour` with `share` (0 to 1) of `ground` in it."""
    pairs = zip(_rgb(colour), _rgb(ground), strict=True)
    red, green, blue = (a + (b - a) * share for a, b in pairs)
    return _hex((red, green, blue))


def _rgb(colour: str) -> tuple[float, float, float]:
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255)


def _hex(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(max(0.0, min(1.0, part)) * 255):02x}" for part in parts)
