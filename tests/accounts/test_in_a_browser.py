"""An account from its registration to “my data”, in a real browser on a served installation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from support.browser import axe
from support.installations import Installation, Site, served
from support.mail import Mailbox
from support.seeded import Seed, assert_nowhere

PASSWORD = "seven otters under a bridge"


@pytest.fixture
def site(make_installation: Callable[..., Installation], smtp: Mailbox) -> Iterator[Site]:
    with served(make_installation(TROTH_SMTP_PORT=str(smtp.port)), "web", "worker") as running:
        yield running


def link(site: Site, smtp: Mailbox, count: int, part: str) -> str:
    message = smtp.wait(count)[count - 1].message
    body: Any = message.get_body(("plain",))
    found = re.search(rf"/account/{part}/[^\s>]+", body.get_content())
    assert found
    return site.url + found[0]


def test_register_confirm_look_and_correct(site: Site, smtp: Mailbox, page: Page) -> None:
    seed = Seed.new()
    page.goto(f"{site.url}/account/register/")
    assert axe(page) == []
    page.get_by_label("Your name").fill(seed.name)
    page.get_by_label("E-mail address").fill(seed.email)
    page.get_by_label("Your web site").fill(seed.website)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Open the account").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()

    page.goto(link(site, smtp, 1, "confirm"))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm and log in").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()

    page.get_by_role("link", name="Profile").first.click()
    page.get_by_label("Phone number").fill("+1 604 555 0147")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your profile is corrected")).to_be_visible()

    page.get_by_role("link", name="My data").first.click()
    expect(page.get_by_text(seed.email)).to_be_visible()
    expect(page.get_by_text("You changed your phone number").first).to_be_visible()
    assert axe(page) == []

    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("link", name="Choices", exact=True).click()
    page.get_by_role("switch", name="News about new features").uncheck()
    page.get_by_role("button", name="Save my choices").click()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert axe(page) == []
    assert_nowhere([*seed.values(), PASSWORD], site.home)


def test_it_works_without_scripts_and_on_a_phone(
    site: Site, smtp: Mailbox, new_page: Callable[..., Page]
) -> None:
    page = new_page(java_script_enabled=False, viewport={"width": 360, "height": 700})
    page.goto(f"{site.url}/account/my-data/")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    page.get_by_label("E-mail address").fill("nobody@x.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("do not belong together")).to_be_visible()
