"""Whatever colour an organisation chooses, text in it can be read in both themes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from troth.kit import accent

TOKENS = Path(accent.__file__).with_name("static") / "kit/css/tokens.css"
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colour=colours, dark=st.booleans())
def test_every_colour_becomes_one_that_can_be_read(colour: str, dark: bool) -> None:
    tones = accent.tones(colour, dark=dark)
    grounds = (*(accent.DARK_GROUNDS if dark else accent.LIGHT_GROUNDS), tones.soft)
    assert all(accent.contrast(tones.accent, ground) >= 4.5 for ground in grounds)
    assert accent.contrast(tones.on, tones.accent) >= 4.5
    assert accent.contrast(tones.on, tones.strong) >= 4.5


@given(colour=colours)
def test_the_stylesheet_holds_nothing_but_colours(colour: str) -> None:
    sheet = accent.stylesheet(colour)
    pair = r"--[a-z-]+:light-dark\(#[0-9a-f]{6},#[0-9a-f]{6}\);"
    assert re.fullmatch(rf":root\{{({pair}){{5}}\}}\n", sheet)


def test_a_colour_that_can_be_read_is_left_as_it_is() -> None:
    assert accent.tones("#1f6f5c", dark=False).accent == "#1f6f5c"
    assert accent.tones("#FFF", dark=True).accent == "#ffffff"


def test_contrast_agrees_with_the_standards_ends() -> None:
    assert accent.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert accent.contrast("#777777", "#777777") == pytest.approx(1)
    assert accent.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    "value",
    ["", "red", "#12", "#12345", "#1234567", "#ggg", "#fff;}*{", "\uff11\uff12\uff13"],
)
def test_what_is_no_colour_is_refused(value: str) -> None:
    with pytest.raises(accent.AccentInvalid):
        accent.stylesheet(value)


def test_the_grounds_are_those_of_the_tokens() -> None:
    css = TOKENS.read_text()
    for at, name in enumerate(("paper", "surface", "sunken", "hover")):
        found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", css)
        assert found
        assert found.groups() == (accent.LIGHT_GROUNDS[at], accent.DARK_GROUNDS[at])


def test_the_colours_of_the_tokens_can_be_read() -> None:
    css = TOKENS.read_text()
    pairs = {
        name: (light, dark)
        for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", css)
    }
    grounds = ("paper", "surface", "sunken", "hover")
    for theme in (0, 1):
        for ink in ("ink", "ink-soft", "accent"):
            for ground in grounds:
                ratio = accent.contrast(pairs[ink][theme], pairs[ground][theme])
                assert ratio >= 4.5, (ink, ground, theme, ratio)
        for state in ("good", "caution", "bad", "info"):
            for ground in (*grounds, f"{state}-soft"):
                ratio = accent.contrast(pairs[state][theme], pairs[ground][theme])
                assert ratio >= 4.5, (state, ground, theme, ratio)
        # The edge of a control is what shows it (success criterion 1.4.11).
        assert accent.contrast(pairs["line-strong"][theme], pairs["surface"][theme]) >= 3
