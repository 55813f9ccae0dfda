"""Where a clause chip points. A clause is an object with `.number`, or the number itself."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

POLICY_URL = "/policy"


class ChipPlace(NamedTuple):
    """A chip's number, the address it links to and the address its card is loaded from."""

    number: str
    href: str
    card: str


def place(clause: Any, *, policy_url: str = "", version: str = "") -> ChipPlace:
    """Both addresses of a clause; `version` asks for a version other than the one in force."""
    number = str(getattr(clause, "number", clause) or "").strip().removeprefix("§").strip()
    base = (policy_url or POLICY_URL).rstrip("/")
    query = "?" + urlencode({"version": version}) if version else ""
    part = quote(number, safe=".-_")
    return ChipPlace(number, f"{base}{query}#clause-{part}", f"{base}/clause/{part}{query}")
