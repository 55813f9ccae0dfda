"""Forms in a real browser: keyboard, phone, embedded in somebody else's page."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from support.browser import axe
from support.installations import Site
from support.seeded import Seed


def test_a_visitor_sends_a_form_with_the_keyboard_alone(site: Site, page: Page) -> None:
    seed = Seed.new()
    page.goto(f"{site.url}/forms/contact")
    assert not axe(page)
    page.get_by_label("Your name").focus()
    page.keyboard.type(seed.name)
    page.get_by_label("E-mail address").focus()
    page.keyboard.type("not an address")
    page.get_by_role("button", name="Send").focus()
    page.keyboard.press("Enter")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("E-mail address")
    assert not axe(page)
    expect(page.get_by_label("Your name")).to_have_value(seed.name)
    page.get_by_label("E-mail address").fill(seed.email)
    page.locator("textarea").first.fill(seed.message)
    page.get_by_role("button", name="Send").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, we have it")
    assert not axe(page)
    assert not page.context.cookies()


def test_nothing_is_ticked_beforehand(site: Site, page: Page) -> None:
    page.goto(f"{site.url}/forms/download")
    boxes = page.get_by_role("checkbox")
    assert boxes.count() > 0
    for number in range(boxes.count()):
        expect(boxes.nth(number)).not_to_be_checked()


def test_a_phone_in_the_dark(site: Site, new_page: Callable[..., Page]) -> None:
    page = new_page(viewport={"width": 360, "height": 740}, color_scheme="dark", has_touch=True)
    page.goto(f"{site.url}/forms/download")
    assert not axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.fixture
def elsewhere(tmp_path: Path, site: Site) -> Iterator[str]:
    """Somebody else's web site, with our form in it by one script tag."""
    (tmp_path / "index.html").write_text(
        '<!doctype html><html lang="en"><title>Elsewhere</title><h1>Elsewhere</h1>'
        f'<script src="{site.url}/forms/embed.js" data-form="contact" data-title="Contact" async>'
        "</script>"
    )

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object, **kwargs: object) -> None:
            super().__init__(*args, directory=str(tmp_path), **kwargs)  # type: ignore[arg-type,misc]

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_a_form_works_inside_somebody_elses_page(elsewhere: str, page: Page) -> None:
    seed = Seed.new()
    page.goto(elsewhere)
    frame = page.frame_locator("iframe")
    frame.get_by_label("Your name").fill(seed.name)
    frame.get_by_label("E-mail address").fill(seed.email)
    frame.locator("textarea").first.fill(seed.message)
    before = page.locator("iframe").get_attribute("height")
    frame.get_by_role("button", name="Send").click()
    expect(frame.get_by_role("heading", level=1)).to_have_text("Thank you, we have it")
    expect(page.locator("iframe")).not_to_have_attribute("height", before or "")
    assert not page.context.cookies()
