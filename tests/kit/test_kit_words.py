"""Dates, durations and numbers read as a person would say them; Markdown is safe."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, strategies as st

from troth.core import clock
from troth.kit import words

NOW = datetime(2026, 5, 3, 14, 2, tzinfo=UTC)


def test_days_and_moments() -> None:
    with clock.at(NOW):
        assert words.day(date(2026, 5, 3)) == "3 May"
        assert words.day(date(2025, 12, 31)) == "31 December 2025"
        assert words.moment(NOW) == "3 May, 14:02"
        assert words.moment(NOW.replace(year=2020, hour=9)) == "3 May 2020, 09:02"


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (NOW + timedelta(days=4, hours=1), "4 days left"),
        (NOW + timedelta(hours=30), "30 hours left"),
        (NOW + timedelta(minutes=1), "1 minute left"),
        (NOW + timedelta(seconds=5), "less than a minute left"),
        (NOW - timedelta(days=2, hours=3), "2 days late"),
        (NOW - timedelta(hours=1), "1 hour late"),
        (NOW.date(), "due today"),
        (NOW.date() + timedelta(days=1), "1 day left"),
        (NOW.date() - timedelta(days=3), "3 days late"),
    ],
)
def test_deadlines_are_said_in_words(due: date, said: str) -> None:
    assert words.left(due, NOW) == said
    with clock.at(NOW):
        assert words.left(due) == said


def test_how_long_ago() -> None:
    assert words.ago(NOW - timedelta(seconds=20), NOW) == "just now"
    assert words.ago(NOW - timedelta(hours=2), NOW) == "2 hours ago"
    assert words.ago(NOW + timedelta(days=3), NOW) == "in 3 days"
    assert words.ago(NOW - timedelta(days=400), NOW) == "13 months ago"
    assert words.ago(NOW - timedelta(days=1100), NOW) == "3 years ago"


def test_counts() -> None:
    assert words.used(2, 10) == "2 of 10 business days used"
    assert words.used(0, 1) == "0 of 1 business day used"
    assert words.plural(1, "person", "people") == "1 person"
    assert words.plural(12480, "person", "people") == "12,480 people"
    assert words.number(0.5) == "0.5"
    assert words.number(1234.0) == "1,234"
    assert words.in_words(3) == "three"
    assert words.in_words(12) == "12"
    assert words.listing(["name", "address", "phone number"]) == "name, address and phone number"
    assert words.listing(["name"]) == "name"
    assert words.listing([]) == ""


def test_markdown_is_rendered_and_links_let_go_of_the_page() -> None:
    html = words.markdown("# Title\n\n**Bold** [a](https://a.example)\n\n- one\n")
    assert "<h2>Title</h2>" in html
    assert "<strong>Bold</strong>" in html
    assert 'rel="noopener noreferrer"' in html
    assert "<li>one</li>" in html


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![pixel](https://elsewhere.example/p.gif)",
        '<a href="https://x.example" onclick="x()">y</a>',
        "<style>*{display:none}</style>",
        "[x](data:text/html,<script>)",
        '<https://x.example/" onmouseover="x>',
    ],
)
def test_markdown_carries_nothing_that_acts_or_fetches(source: str) -> None:
    seen = Elements()
    seen.feed(words.markdown(source))
    assert {tag for tag, _ in seen.found} <= {"p", "a", "br"}
    for _, attributes in seen.found:
        assert attributes.keys() <= {"href", "rel"}
        assert str(attributes.get("href", "https:")).startswith("https:")


class Elements(HTMLParser):
    """Every element with its attributes, as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@given(st.text())
def test_markdown_never_fails(source: str) -> None:
    assert "<script" not in words.markdown(source)
