"""The bar, the dialog and the page of cookies as people have them."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from support.browser import PHONE, for_everybody
from support.installations import Site

SHIFTED = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => { for (const one of list.getEntries()) sum += one.value; })
        .observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})"""


def test_bar_dialog_and_page_are_for_everybody(site: Site, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(site.url)
    bar = page.get_by_role("region", name="Cookies")
    box = bar.bounding_box()
    assert box
    assert box["height"] < 200, "a quiet bar"
    assert bar.evaluate("e => getComputedStyle(e).position") == "static", "it covers nothing"
    assert page.evaluate(SHIFTED) == 0
    assert for_everybody(page) == []
    page.get_by_role("button", name="Cookie settings").click()
    expect(page.get_by_role("dialog", name="Cookie settings")).to_be_visible()
    page.locator("dialog summary").first.click()
    assert for_everybody(page) == []
    page.goto(f"{site.url}/cookies")
    expect(bar).to_have_count(0)
    assert for_everybody(page) == []


def test_the_keyboard_is_led_on_and_other_tabs_hear(
    site: Site, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(site.url)
    tab = page.context.new_page()
    tab.goto(f"{site.url}/policy")
    bar = page.get_by_role("region", name="Cookies")
    bar.get_by_role("link", name="Choose").press("Enter")
    dialog = page.get_by_role("dialog", name="Cookie settings")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(bar.get_by_role("link", name="Choose")).to_be_focused()
    bar.get_by_role("button", name="Only necessary").press("Enter")
    expect(bar).to_have_count(0)
    expect(page.locator("#main")).to_be_focused()
    expect(page.get_by_text("Your choice of cookies holds from now on.")).to_be_visible()
    expect(tab.get_by_role("region", name="Cookies")).to_have_count(0)


def test_what_is_set_up_is_there_again_only_after_a_yes(
    site: Site, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(site.url)
    page.get_by_role("button", name="Colours").click()
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "light")
    page.goto(f"{site.url}/policy")
    expect(root).to_have_attribute("data-theme", "light")
    assert page.evaluate("localStorage.length") == 0
    with page.expect_response("**/cookies/arrangement"):
        page.get_by_role("button", name="Accept all").click()
    again = page.context.new_page()
    again.goto(site.url)
    expect(again.locator("html")).to_have_attribute("data-theme", "light")
    assert again.evaluate("sessionStorage.getItem('kit.theme')") is None
    again.get_by_role("button", name="Cookie settings").click()
    again.get_by_role("dialog").get_by_role("button", name="Only necessary").click()
    expect(again.get_by_role("dialog")).to_have_count(0)
    after = page.context.new_page()
    after.goto(site.url)
    expect(after.locator("html")).not_to_have_attribute("data-theme", "light")
