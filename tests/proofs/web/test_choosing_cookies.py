"""Accepting and declining cookies, category by category, as a visitor does it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from proofs.company import Company

NECESSARY = {"troth_session", "troth_csrf", "troth_cookies"}
VISITOR = "0123456789abcdef0123456789abcdef"


def cookies(context: BrowserContext) -> set[str]:
    return {str(one.get("name")) for one in context.cookies()}


def plant(page: Page, *names: str) -> None:
    """Cookies as something else would leave them: a script of others, or the site of before."""
    page.context.add_cookies(
        [{"name": name, "value": VISITOR, "url": page.url.split("#")[0]} for name in names]
    )


@pytest.mark.clause("comintech-17")
def test_declining_leaves_only_what_is_necessary(company: Company, page: Page) -> None:
    page.goto(company.site.url)
    bar = page.get_by_role("region", name="Cookies")
    expect(bar).to_be_visible()
    assert cookies(page.context) == set(), "nothing before a choice"
    assert page.locator("[data-cookie-bar] input:checked").count() == 0
    buttons = bar.get_by_role("button")
    expect(buttons).to_have_text(["Only necessary", "Accept all"])
    sizes = [one.bounding_box() for one in buttons.all()]
    looks = [one.evaluate("e => getComputedStyle(e).backgroundColor") for one in buttons.all()]
    assert sizes[0]
    assert sizes[1]
    assert sizes[0]["height"] == sizes[1]["height"]
    assert looks[0] == looks[1], "neither is made to look like the one to press"
    buttons.nth(1).click()
    expect(bar).to_have_count(0)
    page.get_by_role("button", name="Colours").click()
    with page.expect_response("**/cookies/arrangement"):
        page.get_by_role("button", name="Colours").click()
    plant(page, "troth_visitor")
    page.goto(f"{company.site.url}/policy")
    accepted = cookies(page.context)
    assert {"troth_preferences", "troth_visitor"} <= accepted, "what was accepted is there"
    page.get_by_role("button", name="Cookie settings").click()
    settings = page.get_by_role("dialog", name="Cookie settings")
    settings.get_by_role("button", name="Only necessary").click()
    expect(settings).to_have_count(0)
    assert cookies(page.context) <= NECESSARY, "gone at once"
    plant(page, "troth_visitor", "troth_preferences")
    page.goto(company.site.url)
    expect(bar).to_have_count(0)
    assert cookies(page.context) <= NECESSARY, "and not brought back"


@pytest.mark.clause("comindware-24")
def test_each_category_is_chosen_by_itself_and_holds_without_loading_anew(
    company: Company, new_page: Callable[..., Page]
) -> None:
    reader = company.reader()
    for path in sorted(set(re.findall(r'href="(/[a-z][^"#?]*)"', reader.get("/").text))):
        found = reader.get(path)
        if "text/html" in str(found.headers["Content-Type"]):
            assert re.search(r"<button[^>]*>Cookie settings</button>", found.text), path
    page = new_page()
    page.goto(f"{company.site.url}/policy")
    page.evaluate("window.same = true")
    page.get_by_role("button", name="Cookie settings").click()
    settings = page.get_by_role("dialog", name="Cookie settings")
    switches = settings.get_by_role("switch")
    expect(switches).to_have_count(2)
    assert [one.is_checked() for one in switches.all()] == [False, False]
    settings.get_by_role("switch", name="Statistics").check()
    settings.get_by_role("button", name="Save my choice").click()
    expect(settings).to_have_count(0)
    expect(page.get_by_role("region", name="Cookies")).to_have_count(0)
    assert cookies(page.context) - {"troth_visitor"} == {"troth_cookies"}
    plant(page, "troth_visitor", "troth_chat")
    page.context.request.get(f"{company.site.url}/policy")
    assert "troth_visitor" in cookies(page.context), "this category was accepted"
    assert "troth_chat" not in cookies(page.context), "and this one was not"
    page.get_by_role("button", name="Cookie settings").click()
    expect(switches.nth(0)).not_to_be_checked()
    settings.get_by_role("switch", name="Statistics").uncheck()
    settings.get_by_role("button", name="Save my choice").click()
    expect(settings).to_have_count(0)
    assert cookies(page.context) == {"troth_cookies"}
    assert page.evaluate("window.same") is True, "the page was never loaded anew"
    plain = new_page(java_script_enabled=False)
    plain.goto(f"{company.site.url}/policy")
    plain.get_by_role("button", name="Cookie settings").click()
    plain.get_by_role("switch", name="Statistics").check()
    plain.get_by_role("button", name="Save my choice").click()
    expect(plain.get_by_text("Saved. It holds from now on.")).to_be_visible()
    expect(plain.get_by_role("switch", name="Statistics")).to_be_checked()
    expect(plain.get_by_role("switch", name="Your preferences")).not_to_be_checked()
