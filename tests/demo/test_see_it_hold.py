"""“See it hold”: every button, pressed as a newcomer presses it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page as BrowserPage

from support.browser import for_everybody
from support.installations import Site
from support.pages import submit
from support.reader import Reader

PAGE = "/see-it-hold/"
WAIT = 60_000  # milliseconds


@pytest.fixture
def page(demo_site: Site, new_page: Callable[..., BrowserPage]) -> BrowserPage:
    opened = new_page()
    opened.goto(f"{demo_site.url}{PAGE}")
    return opened


def tried(page: BrowserPage, key: str) -> Locator:
    """Press the button of a card; what stands beside it once it is done."""
    page.locator(f"#{key} form button").click()
    page.locator(f"#{key}-result .hold-verdict").wait_for(timeout=WAIT)
    return page.locator(f"#{key}-result")


def test_a_phone_number_is_not_for_marketing(page: BrowserPage) -> None:
    result = tried(page, "phone")
    assert "Refused: the number stayed sealed." in result.inner_text()
    clause = result.locator(".hold-clause .chip")
    number = clause.inner_text().removeprefix("§").strip()
    assert clause.get_attribute("href") == f"/policy#clause-{number}"
    first, last = result.locator("summary").all_inner_texts()
    assert "was refused" in first
    assert " read " in last
    assert for_everybody(page) == []


def test_without_javascript_it_is_the_whole_page(demo_site: Site) -> None:
    reader = Reader(demo_site.url)
    empty = reader.get(PAGE)
    assert "Not tried yet." in empty.words
    done = submit(reader, empty, to="/phone")
    assert "Refused: the number stayed sealed." in done.words


def test_only_a_demo_has_it(site: Site, demo_site: Site) -> None:
    for path in (PAGE, f"{PAGE}phone"):
        assert Reader(site.url).get(path).status == 404
        assert Reader(demo_site.url).get(path, Host="testserver").status == 404
    assert Reader(demo_site.url).get(f"{PAGE}other").status == 404
