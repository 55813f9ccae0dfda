"""A customer at their browser, as the tests of accounts have them."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client

from support.seeded import Seed

PASSWORD = "seven otters under a bridge"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived."""

    to: str
    subject: str
    text: str

    def link(self, part: str) -> str:
        """The path of the link to a page of accounts."""
        joined = re.sub(r"\s+", " ", self.text)
        found = [address for address in re.findall(r"https?://[^\s>)]+", joined)
                 if f"/account/{part}" in address]  # fmt: skip
        assert found, f"no link to {part} in:\n{self.text}"
        return urlsplit(found[0]).path


def words(answer: Any) -> str:
    """The text a person reads."""
    bare = re.sub(
        r"<(script|style|svg|head).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL
    )
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


@dataclass
class Customer:
    """One person with a browser of their own."""

    seed: Seed = field(default_factory=Seed.new)
    password: str = PASSWORD
    browser: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def other_browser(self, agent: str = FIREFOX) -> Client:
        return Client(raise_request_exception=False, headers={"user-agent": agent})

    def form(self, **changes: str) -> dict[str, str]:
        """The registration form, filled in."""
        filled = {
            "name": self.seed.name, "email": self.seed.email, "website": self.seed.website,
            "password": self.password, "age": "yes",
        }  # fmt: skip
        return filled | changes

    def register(self, **changes: str) -> Any:
        return self.browser.post("/account/register/", self.form(**changes))

    def log_in(self, browser: Client | None = None, **changes: str) -> Any:
        sent = {"name": self.seed.email, "password": self.password} | changes
        return (browser or self.browser).post("/account/login/", sent)


def is_in(browser: Client) -> bool:
    """Whether the browser is logged in."""
    answer: HttpResponse = browser.get("/account/")
    return answer.status_code == 200
