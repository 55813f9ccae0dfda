"""Addresses as they are counted: without queries, and without what could be somebody's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.urls import Resolver404, resolve

from troth.core.notices.versions import current
from troth.policy import Rules

LONGEST: Final = 200
MASK: Final = "…"
UNKNOWN: Final = "(no such page)"
OPEN: Final = frozenset(
    {*("name", "form", "kind", "face", "way", "before", "after", "version", "number", "accent")}
)
"""Parts of addresses that are the site's own words; any other stands for somebody or something."""
_PART: Final = re.compile(r"<(?:(\w+):)?(\w+)>")
_TOKEN: Final = re.compile(
    r"@|%40"  # an address
    r"|^\d{3,}$"  # a number, however short
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


def here(text: str) -> str:
    """A page of ours by the pattern of its address: what stands in it for somebody or something is
    cut out, also a short number or a name. What of it the policy itself names stays.
    """
    try:
        path = (
            urlsplit(text).path if "//" in text[:10] else text.partition("?")[0].partition("#")[0]
        )
        found = resolve(unquote(path) or "/")
    except (ValueError, Resolver404):
        return UNKNOWN
    words = _words(current().rules)
    return of_route(str(found.route), {k: v for k, v in found.kwargs.items() if str(v) in words})


def of_route(route: str, words: Mapping[str, Any]) -> str:
    """The pattern of an address, with those of its parts that are the site's own words."""

    def say(part: re.Match[str]) -> str:
        return str(words.get(part[2], MASK)) if part[2] in OPEN and part[1] != "uuid" else MASK

    return f"/{_PART.sub(say, route)}"


@lru_cache(maxsize=128)
def _words(rules: Rules) -> frozenset[str]:
    """Parts of addresses that the policy itself names: forms, what may be asked, its version."""
    named = {key.partition(".")[2] for key in rules.touchpoints}
    return frozenset(named | {right.kind for right in rules.rights} | {rules.policy.version})


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
