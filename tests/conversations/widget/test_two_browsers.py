"""A visitor on somebody else's page and an operator in the console, each in a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from conversations.widget.conftest import Elsewhere, Served
from conversations.widget.test_in_a_browser import newest, open_chat, texts, write
from troth.channels.conversations.models import Attachment, Desk

pytestmark = pytest.mark.usefixtures("at_the_desk")


@pytest.fixture
def at_the_desk(served_company: Served) -> None:
    Desk.objects.update(pre_chat="off")
    served_company.company.at_the_desk("ann")


def operator(served: Served, page: Page, name: str = "ann") -> Page:
    """A member of the staff, logged in, at the newest conversation, which they take."""
    client = served.company.browser(name)
    page.context.add_cookies(
        [
            {"name": key, "value": one.value, "url": served.url}
            for key, one in client.cookies.items()
        ]
    )
    page.goto(f"{served.url}/console/conversations/{newest().ref}")
    page.get_by_role("button", name="Take").click()
    expect(page.locator("#text")).to_be_visible()
    return page


def test_they_talk(elsewhere: Elsewhere, new_page: Callable[..., Page]) -> None:
    visitor = new_page()
    visitor.goto(elsewhere.page())
    open_chat(visitor)
    write(visitor, "Good morning")
    expect(visitor.locator("li.mine .at")).to_contain_text(":")
    desk = operator(elsewhere.served, new_page(viewport={"width": 1280, "height": 900}))
    thread = desk.locator("#thread")
    expect(thread).to_contain_text("Good morning")
    # What one types, the other sees, without a page being loaded anew.
    visitor.locator("textarea").press_sequentially("I have a ques")
    expect(desk.locator("#typing")).not_to_be_empty()
    visitor.locator("textarea").fill("I have a question")
    visitor.keyboard.press("Enter")
    expect(thread).to_contain_text("I have a question")
    desk.locator("#text").fill("Ask it! My own card is 4111 1111 1111 1111")
    expect(desk.get_by_text("This will be blotted out before it is sent")).to_be_visible()
    with desk.expect_request("**/write*") as sent:
        desk.keyboard.press("Control+Enter")
    assert "4111" not in (sent.value.post_data or "")
    assert "Ask+it" in (sent.value.post_data or "") or "Ask it" in (sent.value.post_data or "")
    theirs = visitor.locator("li.theirs")
    expect(theirs).to_contain_text("Ask it! My own card is •••• •••• •••• ••••")
    write(visitor, "Where is it?")
    expect(thread).to_contain_text("Where is it?")
    # The operator's page is open, so the visitor sees that it was read.
    expect(visitor.locator("li.mine.seen")).to_contain_text("Where is it?")
    assert texts(newest())[-1] == "Where is it?"


def test_a_file_goes_each_way(elsewhere: Elsewhere, new_page: Callable[..., Page]) -> None:
    visitor = new_page()
    visitor.goto(elsewhere.page())
    open_chat(visitor)
    write(visitor, "Look at this")
    expect(visitor.locator("li.mine .at")).to_contain_text(":")
    desk = operator(elsewhere.served, new_page(viewport={"width": 1280, "height": 900}))
    there: Any = {"name": "there.txt", "mimeType": "text/plain", "buffer": b"from the visitor"}
    visitor.locator("input[type=file]").set_input_files(there)
    with desk.expect_download() as download:
        desk.locator("#thread").get_by_role("link", name="there.txt").click()
    assert download.value.path().read_bytes() == b"from the visitor"
    back: Any = {"name": "back.txt", "mimeType": "text/plain", "buffer": b"from the desk"}
    desk.locator("input[name=files]").set_input_files(back)
    desk.locator("#text").fill("And here is ours")
    desk.keyboard.press("Control+Enter")
    with visitor.expect_download() as fetched:
        visitor.get_by_role("button", name="back.txt").click()
    assert fetched.value.path().read_bytes() == b"from the desk"
    assert Attachment.objects.filter(message__conversation=newest()).count() == 2


def test_the_visitor_hears_that_a_colleague_goes_on(
    elsewhere: Elsewhere, new_page: Callable[..., Page]
) -> None:
    visitor = new_page()
    visitor.goto(elsewhere.page())
    open_chat(visitor)
    write(visitor, "Good morning")
    expect(visitor.locator("li.mine .at")).to_contain_text(":")
    desk = operator(elsewhere.served, new_page(viewport={"width": 1280, "height": 900}))
    told = visitor.get_by_text("You were handed on. A colleague goes on from here.")
    expect(told).to_have_count(0)  # nor was there anybody who had it when it was taken
    ben = elsewhere.served.company.member("ben")
    desk.locator("#s-to").select_option(value=f"member/{ben.ref}")
    desk.get_by_role("button", name="Hand over").click()
    expect(told).to_be_visible()
    assert newest().assignee_id == ben.pk
