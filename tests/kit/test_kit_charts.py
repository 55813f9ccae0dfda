"""Charts are well-formed, read without colour, carry no style, and stand beside their table."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, strategies as st

from troth.kit import charts
from troth.kit.charts.drawing import ticks

SVG = "{http://www.w3.org/2000/svg}"
TODAY = date(2026, 5, 3)
labels = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=40)
values = st.integers(0, 10**9)


def parsed(chart: charts.Chart) -> ET.Element:
    # In a page the namespace is implied; a parser for XML wants it said.
    return ET.fromstring(chart.svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))


def people() -> charts.Chart:
    parts = [charts.Part("Receives it", 700, "4.1"), charts.Part("Opted out", 250, "4.2")]
    return charts.stacked("Who receives it", [*parts, charts.Part("Bounces", 50, "4.5")])


def growth() -> charts.Chart:
    days = [TODAY + timedelta(days=n) for n in range(3)]
    uses = charts.Series("Uses", list(zip(days, (5, 8, 13), strict=True)))
    refusals = charts.Series("Refusals", list(zip(days, (1, 0, 2), strict=True)))
    return charts.line("Ledger", [uses, refusals], area=True)


def ahead() -> charts.Chart:
    due = [("Access", -2), ("Erasure", 2), ("Correction", 9)]
    items = [charts.Deadline(what, TODAY + timedelta(days=n), "9") for what, n in due]
    return charts.deadlines("Deadlines", items, today=TODAY)


def removed() -> charts.Chart:
    items = [charts.Bar("Chats", 1840), charts.Bar("Forms", 0)]
    return charts.bars("Removed next month", items, unit="Rows")


ALL = [people, growth, ahead, removed]


@pytest.mark.parametrize("make", ALL)
def test_a_chart_has_a_name_a_description_and_no_style(make: Callable[[], charts.Chart]) -> None:
    chart = make()
    root = parsed(chart)
    assert root.get("role") == "img"
    named = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    assert named[root.get("aria-labelledby")] == chart.title
    assert named[root.get("aria-describedby")]
    assert "style" not in chart.svg
    assert "<script" not in chart.svg
    assert chart.rows
    assert all(len(row) == len(chart.heads) for row in chart.rows)


def test_two_charts_on_a_page_share_no_id() -> None:
    ids = re.findall(r' id="([^"]+)"', people().svg + people().svg)
    assert len(ids) == len(set(ids))


def test_parts_differ_by_texture_and_letter_and_fill_the_width() -> None:
    chart = people()
    root = parsed(chart)
    parts = [r for r in root.findall(f"{SVG}rect") if "url(" in r.get("fill", "")]
    assert len({part.get("fill") for part in parts}) == 3
    assert sum(float(part.get("width", 0)) for part in parts) == pytest.approx(480, abs=0.1)
    letters = [text.text for text in root.findall(f"{SVG}text")]
    assert letters[:3] == ["A", "B", "C"]
    assert [row[2].text for row in chart.rows] == ["70%", "25%", "5%"]
    assert [row[0].clause for row in chart.rows] == ["4.1", "4.2", "4.5"]


def test_deadlines_differ_by_shape_and_words() -> None:
    root = parsed(ahead())
    marks = [path for path in root.findall(f"{SVG}path") if path.get("transform")]
    assert len({mark.get("d") for mark in marks}) == 3
    said = [row[2].text for row in ahead().rows]
    assert said == ["2 days late", "2 days left", "9 days left"]


def test_lines_differ_by_dash() -> None:
    root = parsed(growth())
    css = {path.get("class") for path in root.findall(f"{SVG}path")}
    assert {"chart-line chart-line-1", "chart-line chart-line-2"} <= css


def test_a_fourth_line_is_refused() -> None:
    with pytest.raises(ValueError, match="At most 3"):
        charts.line("Too many", [charts.Series(str(n), [(TODAY, 1)]) for n in range(4)])


@pytest.mark.parametrize(
    "chart",
    [
        charts.bars("None", []),
        charts.stacked("None", []),
        charts.stacked("Nobody", [charts.Part("a", 0), charts.Part("b", 0)]),
        charts.line("None", []),
        charts.line("One", [charts.Series("a", [(TODAY, 0)])]),
        charts.deadlines("None", [], today=TODAY),
    ],
    ids=lambda chart: chart.title,
)
def test_nothing_to_show_is_still_a_drawing(chart: charts.Chart) -> None:
    assert "nan" not in chart.svg
    assert parsed(chart).tag == f"{SVG}svg"


@given(st.lists(st.tuples(labels, values), max_size=20))
def test_any_parts_stay_inside_the_drawing(items: list[tuple[str, int]]) -> None:
    chart = charts.stacked("Any", [charts.Part(label, value) for label, value in items])
    for x in re.findall(r'<text [^>]*?x="([-\d.]+)"', chart.svg):
        assert 0 <= float(x) <= 480
    assert parsed(chart).tag == f"{SVG}svg", "no label breaks out of its text"


def test_a_label_cannot_break_out() -> None:
    chart = charts.bars("x", [charts.Bar('"><script>alert(1)</script>', 1)])
    assert "<script" not in chart.svg


@pytest.mark.parametrize(
    ("top", "last"), [(7, 8), (100, 100), (101, 150), (0.3, 0.3), (99999, 100000)]
)
def test_ticks_are_round_and_reach_the_top(top: float, last: float) -> None:
    found = ticks(top)
    assert found[0] == 0
    assert found[-1] == pytest.approx(last)
    assert 3 <= len(found) <= 7
