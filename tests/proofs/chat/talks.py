"""A visitor and operators, each in a browser of their own."""

from __future__ import annotations

import json
import re
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from playwright.sync_api import Locator, Page, ViewportSize, expect

from proofs.asking import until
from proofs.company import Company, submit
from support.reader import Reader

HERE = "/console/conversations/"
DESK: ViewportSize = {"width": 1280, "height": 900}
Opens = Callable[..., Page]
expect.set_options(timeout=30_000)  # two browsers and a site share the machine with other tests


def set_desk(company: Company, pre_chat: str) -> None:
    """Whether the form before a chat is required, offered or off, in the desk's settings."""
    owner = company.staff("Owner")
    saved = submit(owner, owner.get(f"{HERE}settings"), "pre_chat", pre_chat=pre_chat)
    assert saved.status == 200, saved.words


@dataclass
class Visitor:
    """Somebody at the chat on the company's own page."""

    page: Page

    @classmethod
    def at(cls, company: Company, opens: Opens) -> Visitor:
        page = opens()
        page.goto(f"{company.site.url}/policy")
        page.get_by_role("button", name=re.compile("^Chat")).click()
        return cls(page)

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def write(self, text: str, *, stored: bool = True) -> None:
        """Write, and wait until it is stored."""
        mine = self.page.locator("li.mine")
        before = mine.count()
        self.page.locator("textarea").fill(text)
        self.page.keyboard.press("Enter")
        if stored:
            expect(mine).to_have_count(before + 1)
            expect(mine.nth(before).locator(".at")).to_contain_text(":")

    def say_who(self, name: str, email: str) -> None:
        """Fill in the form before a chat."""
        self.dialog.get_by_label("name", exact=False).first.fill(name)
        self.dialog.get_by_label("mail", exact=False).first.fill(email)


@dataclass
class Operator:
    """A member of the staff at the console."""

    company: Company
    reader: Reader
    page: Page

    @classmethod
    def at(cls, company: Company, reader: Reader, opens: Opens) -> Operator:
        page = opens(viewport=DESK)
        page.context.add_cookies(
            [
                {"name": one.name, "value": one.value or "", "url": company.site.url}
                for one in reader.cookies
            ]
        )
        return cls(company, reader, page)

    def available(self) -> None:
        """Say that chats may come."""
        self.page.goto(f"{self.company.site.url}{HERE}")
        button = self.page.locator("#presence button")
        if button.get_attribute("aria-pressed") != "true":
            button.click()
        expect(self.page.locator("#presence button")).to_have_attribute("aria-pressed", "true")

    def open(self, ref: str) -> None:
        self.page.goto(f"{self.company.site.url}{HERE}{ref}")

    def take(self, ref: str) -> None:
        self.open(ref)
        if self.page.locator("#text").count() == 0:
            self.page.get_by_role("button", name="Take").click()
        expect(self.page.locator("#text")).to_be_visible()
        expect(self.page.locator("html[data-live=on]")).to_be_attached()

    def answer(self, text: str) -> None:
        self.page.locator("#text").fill(text)
        self.page.locator("#text").press("Control+Enter")
        expect(self.page.locator("#thread")).to_contain_text(text)

    @property
    def thread(self) -> Locator:
        return self.page.locator("#thread")


def available(company: Company, reader: Reader, there: bool = True) -> None:
    """Say, without a browser, that a member of the staff takes chats or is away."""
    page = reader.get(HERE)
    submit(reader, page, "available", available="yes" if there else "no")


def call(company: Company, path: str, **body: object) -> tuple[int, dict[str, Any]]:
    """One of the calls that the widget makes, without the widget."""
    asked = urllib.request.Request(
        f"{company.site.url}{path}",
        json.dumps(body).encode(),
        {
            "Content-Type": "application/json",
            "X-Forwarded-For": f"198.19.{secrets.randbelow(250)}.{secrets.randbelow(250)}",
        },
    )
    try:
        with urllib.request.urlopen(asked, timeout=30) as found:
            return found.status, json.loads(found.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())


def open_chat(company: Company, text: str, **values: str) -> tuple[int, dict[str, Any]]:
    """Begin a chat by the widget's own call; what it answers has the chat's reference."""
    with urllib.request.urlopen(f"{company.site.url}/chat/now", timeout=30) as found:
        version = json.loads(found.read())["version"]
    secret = secrets.token_urlsafe(32)
    more = {"values": values} if values else {}
    return call(
        company, "/chat/open", version=version, id=str(uuid4()), text=text, secret=secret, **more
    )


def newest(company: Company, before: int = 0) -> str:
    """The reference of the newest conversation, once there are more than `before`."""
    rows = until(
        lambda: (
            found
            if (found := company.rows("SELECT ref FROM conversations_conversation ORDER BY number"))
            and len(found) > before
            else []
        ),
        "a conversation",
    )
    return str(rows[-1][0])


def count(company: Company) -> int:
    """How many conversations there are."""
    [(found,)] = company.rows("SELECT count(*) FROM conversations_conversation")
    return int(found)
