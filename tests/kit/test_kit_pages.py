"""The style guide in a real browser: accessible, at home on a phone, useful with and without JS."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from support.browser import DESK, PHONE, axe, for_everybody

pytestmark = pytest.mark.xdist_group("kit-pages")

FACES = ["", "/console", "/bare", "/embed", "/policy", "/refusal", "/404", "/500"]
NewPage = Callable[..., Page]


def html(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return str(answer.read().decode())
    except urllib.error.HTTPError as answer:
        return answer.read().decode()


SMALL = """() => [...document.querySelectorAll('a, button, input, select')]
    .filter(e => e.checkVisibility() && !e.closest('.honeypot, .skip')
        && getComputedStyle(e).display !== 'inline')
    .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
    .filter(([, box]) => box.width && (box.width < 23.9 || box.height < 23.9))
    .map(([what]) => what)"""


@pytest.mark.parametrize("face", FACES)
def test_every_face_is_accessible_and_fits(guide: str, page: Page, face: str) -> None:
    page.goto(guide + face)
    assert for_everybody(page) == []
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        assert page.evaluate(SMALL) == [], "targets under 24 px"


@pytest.mark.parametrize("face", FACES)
def test_no_page_carries_inline_style_script_or_handler(guide: str, face: str) -> None:
    text = html(guide + face)
    assert not re.search(r"<[a-z][^>]*\sstyle=", text)
    assert not re.search(r"<[a-z][^>]*\son[a-z]+=", text)
    assert "<style" not in text
    for script in re.findall(r"<script[^>]*>.*?</script>", text, re.DOTALL):
        assert re.fullmatch(r"<script[^>]* src=\"/static/[^>]*></script>", script)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text)
    ids = re.findall(r"\sid=\"([^\"]+)\"", text)
    assert len(ids) == len(set(ids))


def test_the_menus_work_without_javascript(guide: str, new_page: NewPage) -> None:
    page = new_page(viewport=PHONE, java_script_enabled=False)
    page.goto(guide)
    expect(page.get_by_role("link", name="Log-in")).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Console").click()
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("link", name="People")).to_be_visible()
    expect(page.locator("[data-theme-switch]")).to_be_hidden()


def test_a_chip_is_a_link_without_javascript(guide: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(guide)
    chip = page.locator("#chips .chip").first
    assert chip.get_attribute("href") == "/policy#clause-7.1"


def test_a_chip_opens_its_clause_and_gives_the_focus_back(guide: str, page: Page) -> None:
    page.goto(f"{guide}/console")
    chip = page.get_by_role("link", name="§ 8.1: read this clause")
    chip.focus()
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="§ 8.1")
    expect(panel).to_contain_text("to call you back")
    expect(panel).to_contain_text("in force")
    assert axe(page) == []
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(chip).to_be_focused()


def test_a_chip_inside_a_dialog_opens_above_it(guide: str, page: Page) -> None:
    page.goto(guide)
    page.locator("[data-dialog=erase]").click()
    dialog = page.get_by_role("dialog", name="Erase Ada Marsh?")
    expect(dialog).to_contain_text("1 person")
    dialog.get_by_role("link", name="§ 9.2").click()
    expect(page.locator("#chip-panel")).to_contain_text("to call you back")
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()


def test_the_theme_is_remembered_without_a_cookie(guide: str, new_page: NewPage) -> None:
    page = new_page(color_scheme="light")
    page.goto(f"{guide}/policy")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    switch = page.get_by_role("button", name="Colours: as the system")
    switch.click()
    page.get_by_role("button", name="Colours: light").click()
    dark = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == dark
    assert page.context.cookies() == []
    page.get_by_role("button", name="Colours: dark").click()
    assert page.evaluate(ground) == light
    assert page.evaluate("localStorage.length") == 0


def test_keys_work_never_while_typing_and_can_be_turned_off(guide: str, page: Page) -> None:
    page.goto(f"{guide}/console")
    page.evaluate("document.querySelector('[data-key=\"g p\"]').href = '#people'")
    search = page.get_by_role("searchbox")
    page.keyboard.press("/")
    expect(search).to_be_focused()
    page.keyboard.type("gp?e/")
    expect(search).to_have_value("gp?e/")
    assert not page.url.endswith("#people")
    search.blur()
    page.keyboard.press("j")
    expect(page.locator(".item-head a").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(".item-head a").first).to_be_focused()
    page.keyboard.press("?")
    help_ = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(help_).to_contain_text("Close this conversation")
    assert axe(page) == []
    help_.get_by_role("switch").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.type("gp")
    assert not page.url.endswith("#people")
    page.keyboard.press("?")
    help_.get_by_role("switch").check()
    page.keyboard.press("Escape")
    page.keyboard.type("gp")
    page.wait_for_url("**#people")


def test_a_form_counts_marks_busy_and_is_sent_once(guide: str, page: Page) -> None:
    page.goto(guide)
    message = page.get_by_label("Message").first
    message.fill("x" * 501)
    expect(page.locator('[data-remaining="id_message"]')).to_have_text("1 character too many")
    message.fill("x")
    expect(page.locator('[data-remaining="id_message"]')).to_have_text("499 characters left")
    page.evaluate("""() => {
        window.sent = 0;
        const form = document.querySelector('#forms form');
        form.noValidate = true;
        form.target = 'nowhere';
        // After the kit's own listener, which has to have let it pass.
        addEventListener('submit', (e) => { if (!e.defaultPrevented) { window.sent += 1; }
            e.preventDefault(); });
    }""")
    button = page.get_by_role("button", name="Send message")
    button.click()
    busy = page.get_by_role("button", name="Sending…").and_(page.locator("#forms button"))
    expect(busy).to_have_attribute("aria-busy", "true")
    busy.click()
    assert page.evaluate("window.sent") == 1


def test_error_links_lead_to_their_fields(guide: str, page: Page) -> None:
    page.goto(guide)
    summary = page.locator(".error-summary")
    for link in summary.get_by_role("link").all():
        target = (link.get_attribute("href") or "").removeprefix("#")
        assert target
        if "slot" not in target:  # the guide leaves this field out of its wrong form
            assert page.locator(f"[id='{target}']").count() == 1, target
    field = page.locator("#wrong_email")
    described = (field.get_attribute("aria-describedby") or "").split()
    assert len(described) == 2
    assert all(page.locator(f"[id='{one}']").count() == 1 for one in described)


def test_nothing_is_ticked_beforehand(guide: str, page: Page) -> None:
    page.goto(guide)
    assert page.locator("#forms form :checked:not(option)").count() == 0


def test_without_motion_nothing_turns(guide: str, new_page: NewPage) -> None:
    page = new_page(reduced_motion="reduce")
    page.goto(guide)
    length = "getComputedStyle(document.querySelector('[aria-busy]'), '::before').animationDuration"
    assert page.evaluate(length) == "0.001s"


def test_a_console_shows_one_pane_on_a_phone(guide: str, new_page: NewPage) -> None:
    page = new_page(viewport=PHONE)
    page.goto(f"{guide}/console")
    expect(page.get_by_role("heading", name="Cannot reset my password")).to_be_visible()
    expect(page.get_by_role("heading", name="Inbox")).to_be_hidden()
    expect(page.get_by_role("link", name="Back to the list")).to_be_visible()


def test_a_policy_prints_its_words_and_nothing_to_press(guide: str, page: Page) -> None:
    page.goto(f"{guide}/policy")
    page.emulate_media(media="print")
    expect(page.get_by_text("We do not pass personal data")).to_be_visible()
    for gone in (".contents", ".theme-switch", ".public-head nav"):
        expect(page.locator(gone)).to_be_hidden()
