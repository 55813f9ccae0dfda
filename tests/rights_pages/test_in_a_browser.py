"""The pages in a real browser: on a phone in light, on a desk in dark, with axe; by keyboard; and
without scripts.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from campaigns.pages.conftest import port
from support.askers import Company, Customer
from support.browser import axe
from troth.channels.agents.entering import enter as enter_agent
from troth.channels.rights.api import own_path, prove_by_address, receive
from troth.core import clock
from troth.core.actors import Actor
from troth.core.notices.versions import current
from troth.core.rights.api import Content
from troth.core.rights.models import Request, Telling
from troth.kit import links

__all__ = ["port"]
pytestmark = pytest.mark.xdist_group("requests")
SYSTEM = Actor.system("tests")


@pytest.fixture
def visit(new_page: Callable[..., Page], port: int) -> Callable[..., Page]:
    """Open a page with the log-in of a browser of the tests."""

    def open_page(browser: Client | None, path: str, **options: bool) -> Page:
        base = f"http://127.0.0.1:{port}"
        page = new_page(base_url=base, reduced_motion="reduce", **options)
        if browser is not None:
            session = browser.cookies["troth_session"].value
            page.context.add_cookies([{"name": "troth_session", "value": session, "url": base}])
        page.goto(path)
        return page

    return open_page


def asked(customer: Customer, kind: str, days: int = 0, **content: object) -> Request:
    with clock.at(clock.now() - timedelta(days=days)):
        return receive(
            kind,
            actor=SYSTEM,
            way="account",
            person=customer.person,
            content=Content(reply_to=customer.seed.email, **content),  # type: ignore[arg-type]
        )


PHONE, DESK = {"width": 360, "height": 780}, {"width": 1280, "height": 900}


def look(page: Page, path: str) -> None:
    """On a phone in light and on a desk in dark: axe, and no scrolling sideways."""
    found = []
    for size, scheme, rules in ((PHONE, "light", ()), (DESK, "dark", ("color-contrast",))):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(path)
        found += [f"{scheme}: {line}" for line in axe(page, *rules)]
        if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
            found.append(f"{scheme}: it scrolls sideways")
        if folder := os.environ.get("TROTH_TEST_PICTURES"):
            name = path.strip("/").replace("/", "-")[:40] or "home"
            page.screenshot(path=f"{folder}/{name}-{scheme}.png", full_page=True)
    assert not found, path


def test_every_page_of_people_is_for_everybody(
    company: Company, ada: Customer, visit: Callable[..., Page]
) -> None:
    deletion = asked(ada, "deletion", words="All of it.")
    telling = Telling.objects.create(
        request=deletion, recipient=next(iter(current().policy.recipients)), kind="deletion"
    )
    page = visit(ada.browser, "/")
    places = [
        *("/rights/", "/rights/ask/correction", own_path(deletion)),
        f"/rights/link/{links.sign('preferences', ada.person.ref)}",
        f"/rights/recipient/{links.sign('requests.telling', telling.ref)}",
        "/account/requests/",
    ]
    for path in places:
        look(page, path)


def test_every_page_of_the_staff_is_for_everybody(
    company: Company, ada: Customer, owner: Client, visit: Callable[..., Page]
) -> None:
    asked(ada, "complaint", 40, words="Nobody has answered me.")
    deletion = asked(ada, "deletion", 3)
    receive("access", actor=SYSTEM, way="form", content=Content(reply_to="a@b.example"))
    for number, recipient in enumerate(list(current().policy.recipients)[:3]):
        Telling.objects.create(
            request=deletion,
            recipient=recipient,
            kind="deletion",
            state=("due", "told", "done")[number],
        )
    staff = Actor("staff", "0" * 32, abilities=frozenset({"staff.manage"}))
    key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    agent = enter_agent(
        key="ONE", name="Agent One", verify_key=key, web_url="", vouches=True, actor=staff
    )
    page = visit(owner, "/console/")
    for path in (
        *("/console/requests/", "/console/requests/new"),
        *(f"/console/requests/{deletion.ref}", f"/console/agents/{agent.ref}"),
    ):
        look(page, path)


def test_the_keyboard_alone_finds_a_request(
    company: Company, ada: Customer, owner: Client, visit: Callable[..., Page]
) -> None:
    asked(ada, "complaint", words="Nobody has answered me.")
    page = visit(owner, "/console/")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/console/requests/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Complain", exact=True)).to_be_visible()
    page.keyboard.press("n")
    page.wait_for_url("**/console/requests/new")


def test_without_script_a_request_is_made_and_dealt_with(
    company: Company, ada: Customer, owner: Client, visit: Callable[..., Page]
) -> None:
    page = visit(None, "/rights/", java_script_enabled=False)
    page.get_by_role("link", name="See my data").click()
    page.get_by_label("Your e-mail address").fill(ada.seed.email)
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()
    prove_by_address(company.newest)
    found = asked(ada, "question", words="Why?")
    desk = visit(owner, f"/console/requests/{found.ref}", java_script_enabled=False)
    desk.get_by_text("Close the case").first.click()
    desk.get_by_label("answered", exact=True).check()
    desk.get_by_role("button", name="Close the case").click()
    expect(desk.locator("#main")).to_contain_text("done")
