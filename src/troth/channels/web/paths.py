"""Addresses as they are counted: without queries, and without what could be somebody's."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, urlsplit

LONGEST: Final = 200
MASK: Final = "…"
_TOKEN: Final = re.compile(
    r"@|%40"  # an address
    r"|^(?=.*\d)[\w.~:+=-]{16,}$"  # a signed or random token
    r"|^[A-Za-z0-9_~:+=.-]{40,}$"
    r"|^[0-9a-fA-F-]{16,}$"
    r"|\d{6,}"  # a number of a customer, an order, a telephone
)
_WORD: Final = re.compile(r"\S*@\S*|\+?\d[\d\s()/.-]{4,}\d")
_SPACE: Final = re.compile(r"\s+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def page(text: str) -> str:
    """The path of a page: its query dropped, and what looks like a token or a number masked."""
    try:
        path = urlsplit(text).path if "//" in text[:10] else text
    except ValueError:  # no address at all
        path = ""
    return _cleaned(path.partition("?")[0].partition("#")[0])


def _cleaned(path: str) -> str:
    plain = _CONTROL.sub("", unquote(path))  # PostgreSQL takes no text with a null in it
    parts = [MASK if _TOKEN.search(part) else part for part in plain.split("/")]
    found = "/".join(parts)[:LONGEST]
    return found if found.startswith("/") else f"/{found}"[:LONGEST]


def elsewhere(text: str) -> str:
    """Another site's page, by host and path; empty for what is no address of the web."""
    try:
        found = urlsplit(text)
        host = (found.hostname or "").lower()
    except ValueError:
        return ""
    if found.scheme not in ("http", "https") or not host:
        return ""
    path = _cleaned(found.path or "/").rstrip("/")
    return f"{host}{path}"[:LONGEST]


def host_of(text: str) -> str:
    """The host and port of an address, as `Host` has them."""
    try:
        return urlsplit(text).netloc.lower()
    except ValueError:
        return ""


def terms(text: str) -> str:
    """Search words in one spelling; addresses and long numbers among them are masked."""
    return _SPACE.sub(" ", _WORD.sub(MASK, text)).strip().casefold()[:LONGEST]


def tag(text: str) -> str:
    """The name of a campaign in one spelling."""
    return terms(text)[:80]
