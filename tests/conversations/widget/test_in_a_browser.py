"""The widget on somebody else's page, in a real browser, under a strict policy of that page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from conversations.company import STAFF
from conversations.conftest import POLICIES
from conversations.widget.conftest import Elsewhere, Served
from support.browser import PHONE, axe
from troth.channels.conversations import actions, reading
from troth.channels.conversations.attaching import api as attaching
from troth.channels.conversations.models import Conversation, Desk, Message, Presence
from troth.channels.conversations.widget import files
from troth.core.actors import Actor
from troth.core.notices.publish import publish
from troth.core.notices.versions import current

BOTH_SCHEMES = '<meta name=color-scheme content="light dark">'


@pytest.fixture(autouse=True)
def at_the_desk(served_company: Served) -> None:
    Desk.objects.update(pre_chat="off", greeting="")
    served_company.company.at_the_desk("ann")


def open_chat(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^(Chat|محادثة)")).click()


def write(page: Page, text: str) -> None:
    page.locator("textarea").fill(text)
    page.keyboard.press("Enter")


def newest() -> Conversation:
    return Conversation.objects.order_by("-number")[0]


def texts(chat: Conversation) -> list[str]:
    return [one.text for one in reading.visitor_messages(chat, actor=Actor.visitor())]


def taken(served: Served) -> Conversation:
    return actions.take(newest(), actor=served.company.actor("ann"), revision=None)


def answer(served: Served, chat: Conversation, text: str) -> Message:
    ann = served.company.actor("ann")
    return actions.write(chat, actor=ann, side="staff", text=text, client_id=uuid4())


def test_before_it_is_opened_there_is_the_script_and_nothing_else(
    elsewhere: Elsewhere, new_page: Callable[..., Page]
) -> None:
    page, asked = new_page(), list[Request]()
    page.on("request", lambda one: asked.append(one))  # noqa: PLW0108 - a builtin takes no mark
    page.goto(elsewhere.page())
    expect(page.get_by_role("button", name="Chat")).to_be_visible()
    page.wait_for_load_state("networkidle")
    there = [one.url for one in asked if not one.url.startswith(elsewhere.url)]
    assert there == [f"{elsewhere.served.url}/chat/widget.js"]
    assert page.context.cookies() == []
    stored = page.evaluate("[sessionStorage.length, localStorage.length, document.cookie]")
    assert stored == [0, 0, ""]
    before = Conversation.objects.count()
    open_chat(page)
    expect(page.get_by_role("dialog")).to_contain_text("Somebody is there")
    assert Conversation.objects.count() == before, "nothing exists before the first message"
    assert page.context.cookies() == []


def test_a_conversation_under_a_strict_policy(
    elsewhere: Elsewhere, new_page: Callable[..., Page]
) -> None:
    served, page = elsewhere.served, new_page()
    page.goto(elsewhere.page())
    open_chat(page)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="Clause 2.15 of the privacy policy")).to_be_visible()
    write(page, "Hello, is anybody there?")
    log = page.get_by_role("log")
    expect(log.locator("li.mine")).to_have_count(1)
    expect(log.locator("li.mine .at")).to_contain_text(":")  # stored, so it has its time
    chat = taken(served)
    answer(served, chat, "Yes: how can I help?")
    expect(log.locator("li.theirs")).to_contain_text("how can I help")
    write(page, "My card is 4111 1111 1111 1111")
    expect(log.locator("li.mine").nth(1)).to_contain_text("•••• •••• •••• ••••")
    expect(log.locator("li.mine").nth(1)).to_contain_text("Blotted out before it was sent: a card")
    assert axe(page) == []
    page.reload()
    expect(page.get_by_role("log").locator("li:not(.said)")).to_have_count(3)
    write(page, "And after a reload")
    expect(page.get_by_role("log").locator("li:not(.said)")).to_have_count(4)
    expect(page.get_by_role("log").locator("li.mine .at").nth(2)).to_contain_text(":")
    assert texts(chat) == [
        "Hello, is anybody there?",
        "Yes: how can I help?",
        "My card is •••• •••• •••• ••••",
        "And after a reload",
    ]
    page.get_by_role("button", name="Close the chat").click()
    answer(served, chat, "Still there?")
    expect(page.get_by_role("button", name="Chat 1 new")).to_be_visible()


def test_what_is_written_while_the_line_is_down_is_sent_after_in_order_and_once(
    elsewhere: Elsewhere, browser: Browser
) -> None:
    served = elsewhere.served
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(elsewhere.page())
        open_chat(page)
        write(page, "first")
        mine = page.get_by_role("log").locator("li.mine")
        expect(mine.locator(".at")).to_contain_text(":")
        served.live.end(kill=True)
        many = [f"number {n}" for n in range(22)]  # more than may be sent at once
        for text in many[:-1]:
            write(page, text)
        waits = page.get_by_text("Waits to be sent")
        expect(waits).to_have_count(21)
        page.reload()  # what waits survives it
        expect(waits).to_have_count(21)
        write(page, many[-1])
        served.live.begin()
        expect(mine).to_have_count(23)
        expect(waits).to_have_count(0, timeout=30000)
    assert texts(newest()) == ["first", *many]


def test_where_web_sockets_are_blocked_it_polls(
    elsewhere: Elsewhere, new_page: Callable[..., Page]
) -> None:
    served, page = elsewhere.served, new_page()
    page.add_init_script("delete window.WebSocket")
    page.goto(elsewhere.page())
    open_chat(page)
    write(page, "one")
    expect(page.locator("li.mine .at")).to_contain_text(":")
    write(page, "two")
    expect(page.locator("li.mine .at").nth(1)).to_contain_text(":")
    answer(served, taken(served), "three")
    expect(page.locator("li.theirs")).to_contain_text("three")
    assert texts(newest()) == ["one", "two", "three"]


def test_the_form_before_a_chat(elsewhere: Elsewhere, new_page: Callable[..., Page]) -> None:
    Desk.objects.update(pre_chat="required")
    page = new_page()
    page.goto(elsewhere.page())
    open_chat(page)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Before we chat")).to_be_visible()
    expect(dialog.locator(".chip", has_text="2.14").first).to_be_visible()
    dialog.get_by_role("button", name="Begin the chat").click()
    expect(dialog.get_by_text("Please fill this in.")).to_have_count(2)
    dialog.get_by_label("name", exact=False).first.fill("Mary")
    dialog.get_by_label("mail", exact=False).fill("mary@example.com")
    dialog.get_by_role("button", name="Begin the chat").click()
    write(page, "Hello")
    expect(page.locator("li.mine .at")).to_contain_text(":")
    assert newest().person.state == "identified"
    answer(elsewhere.served, taken(elsewhere.served), "Hello Mary")
    expect(page.locator("li.theirs")).to_be_visible()
    page.get_by_role("button", name="Send me a copy by mail").click()
    expect(page.get_by_text("It is on its way.")).to_be_visible()


def test_who_they_are_may_be_said_later(
    elsewhere: Elsewhere, new_page: Callable[..., Page]
) -> None:
    Desk.objects.update(pre_chat="offered")
    page = new_page()
    page.goto(elsewhere.page())
    open_chat(page)
    page.get_by_role("button", name="Chat without it").click()
    write(page, "Hello")
    expect(page.locator("li.mine .at")).to_contain_text(":")
    assert newest().person.state == "anonymous"
    page.get_by_role("button", name="Say who you are").click()
    page.get_by_label("name", exact=False).first.fill("Mary")
    page.get_by_label("mail", exact=False).first.fill("later@example.com")
    page.locator(".card").get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Say who you are")).to_be_hidden()
    assert newest().person.state == "identified"


def test_a_policy_that_changed_meanwhile_is_shown_before_anything_is_sent(
    elsewhere: Elsewhere, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(elsewhere.page())
    open_chat(page)
    expect(page.locator("textarea")).to_be_visible()
    found, before = current().policy, Conversation.objects.count()
    text = (POLICIES / "comm100.toml").read_text("utf-8")
    later = text.replace(f'version = "{found.version}"', 'version = "2010-06-01"', 1)
    assert later != text
    publish(later.replace("is kept with your question", "stays with your question"), actor=STAFF)
    write(page, "Hello")
    expect(page.get_by_text("The privacy policy changed")).to_be_visible()
    expect(page.get_by_text("stays with your question")).to_be_visible()
    expect(page.locator("textarea")).to_have_value("Hello")
    assert Conversation.objects.count() == before
    page.locator("textarea").press("Enter")
    expect(page.locator("li.mine .at")).to_contain_text(":")
    assert newest().version == "2010-06-01"


def test_when_nobody_is_there_a_form_becomes_a_ticket(
    elsewhere: Elsewhere, new_page: Callable[..., Page]
) -> None:
    Presence.objects.all().delete()
    page = new_page()
    page.goto(elsewhere.page())
    open_chat(page)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Leave a message")).to_be_visible()
    dialog.get_by_label("name", exact=False).first.fill("Mary")
    dialog.get_by_label("mail", exact=False).first.fill("mary2@example.com")
    dialog.locator("textarea").fill("password: hunter2 does not work")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog.get_by_role("status").nth(1)).to_contain_text("the answer comes by mail")
    expect(dialog).to_contain_text("a password")
    assert newest().touchpoint == "chat.offline"


def test_a_secure_form_the_end_and_the_rating(
    elsewhere: Elsewhere, new_page: Callable[..., Page]
) -> None:
    served, page = elsewhere.served, new_page()
    page.goto(elsewhere.page())
    open_chat(page)
    write(page, "Where is my order?")
    expect(page.locator("li.mine .at")).to_contain_text(":")
    chat, ann = taken(served), served.company.actor("ann")
    answer(served, chat, "Let me look")
    form = actions.ask_securely(chat, actor=ann, asks=["Order number"])
    page.get_by_label("Order number").fill("2024-7")
    page.get_by_role("button", name="Give it securely").click()
    expect(page.get_by_text("Secure form: given")).to_be_visible()
    form.refresh_from_db()
    assert reading.secure_answers(form, actor=ann) == {"Order number": "2024-7"}
    page.get_by_role("button", name="End the chat").click()
    page.get_by_role("button", name="End the chat").click()
    page.get_by_label("4", exact=True).check()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    form.refresh_from_db()
    assert reading.secure_answers(form, actor=ann) == {}
    assert Conversation.objects.get(pk=chat.pk).rating == 4
    assert "2024-7" not in page.get_by_role("log").inner_text()
    page.get_by_role("button", name="Begin a new chat").click()
    expect(page.locator("textarea")).to_be_visible()


def test_files_are_sent_and_fetched(elsewhere: Elsewhere, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto(elsewhere.page())
    open_chat(page)
    write(page, "Here it comes")
    expect(page.locator("li.mine .at")).to_contain_text(":")
    file: Any = {"name": "offer.txt", "mimeType": "text/plain", "buffer": b"what we said"}
    page.locator("input[type=file]").set_input_files(file)
    with page.expect_download() as download:
        page.get_by_role("button", name="offer.txt").click()
    assert download.value.path().read_bytes() == b"what we said"
    bad: Any = {"name": "run.exe", "mimeType": "text/plain", "buffer": b"MZ\x90\0"}
    page.locator("input[type=file]").set_input_files(bad)
    expect(page.get_by_text("files of this kind are not taken")).to_be_visible()


def test_by_keyboard_alone(elsewhere: Elsewhere, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto(elsewhere.page())
    launcher = page.get_by_role("button", name="Chat", exact=True)
    launcher.focus()
    page.keyboard.press("Enter")
    expect(page.locator("textarea")).to_be_focused()
    assert launcher.get_attribute("aria-expanded") == "true"
    page.keyboard.type("by hand")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two lines")
    page.keyboard.press("Enter")
    expect(page.locator("li.mine p")).to_have_text("by hand\ntwo lines")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()


@pytest.mark.parametrize(
    ("language", "scheme", "direction"), [("en", "light", "ltr"), ("ar", "dark", "rtl")]
)
def test_on_a_phone_it_is_a_full_sheet_for_everybody(
    elsewhere: Elsewhere, new_page: Callable[..., Page], language: str, scheme: Any, direction: str
) -> None:
    page = new_page(viewport=PHONE, color_scheme=scheme)
    page.goto(
        elsewhere.page(language=language, head='<meta name=color-scheme content="light dark">')
    )
    open_chat(page)
    write(page, "12345")
    expect(page.locator("li.mine .at")).to_contain_text(re.compile(r":\w"))
    box = page.locator("dialog").bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 360, 780)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    shown = "e => getComputedStyle(e).direction + getComputedStyle(e).backgroundColor"
    look = page.locator("dialog").evaluate(shown)
    assert look == f"{direction}rgb({'255, 255, 255' if scheme == 'light' else '26, 28, 31'})"
    mine = page.locator("li.mine").bounding_box()
    assert mine is not None
    assert (mine["x"] > 100) == (direction == "ltr"), "what I wrote stands at my end of the line"
    assert axe(page) == []


def test_the_companys_own_pages_have_the_chat(
    elsewhere: Elsewhere, new_page: Callable[..., Page]
) -> None:
    """Under the policy of the site itself, which lets pages speak with its live process alone."""
    page = new_page()
    page.goto(f"{elsewhere.served.url}/policy")
    open_chat(page)
    write(page, "From your own pages")
    expect(page.locator("li.mine .at")).to_contain_text(":")
    assert texts(newest()) == ["From your own pages"]
    assert page.context.cookies() == []


def test_a_file_that_waits_for_the_scanner_turns_up_once_it_was_scanned(
    elsewhere: Elsewhere, new_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = new_page()
    page.goto(elsewhere.page())
    open_chat(page)
    write(page, "Here it comes")
    expect(page.locator("li.mine .at")).to_contain_text(":")
    monkeypatch.setenv("TROTH_SCANNER", "tcp://127.0.0.1:1")
    waiting = attaching.prepare("later.txt", b"what we said")
    files.keep(newest(), waiting, uuid4(), actor=Actor.visitor())
    expect(page.get_by_text("is being checked")).to_be_visible()
    monkeypatch.delenv("TROTH_SCANNER")
    assert attaching.scan_waiting() == 1
    expect(page.get_by_role("button", name="later.txt")).to_be_visible()
