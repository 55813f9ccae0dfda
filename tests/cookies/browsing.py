"""What the tests of cookies share."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

NUMBER = "0123456789abcdef" * 2


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


def version_on(answer: Any) -> str:
    found = re.search(r'name="version" value="([^"]+)"', text(answer))
    assert found
    return found[1]


def choose(browser: Client, *accept: str, **headers: str) -> Any:
    """Choose on the page of cookies."""
    sent = {"version": version_on(browser.get("/cookies")), "choice": "some", "accept": accept}
    return browser.post("/cookies", sent, headers=headers)


def held(browser: Client) -> dict[str, str]:
    """The cookies a browser has: a removed one is not among them."""
    return {name: one.value for name, one in browser.cookies.items() if one.value}
