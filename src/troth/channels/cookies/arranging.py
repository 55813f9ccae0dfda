"""How a browser likes the pages, in the cookie for preferences: there on the next visit, if it may.

Kept in the browser alone. Without a yes, what is set up holds for this visit, in the page's own
storage, and ends with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponseBase

from troth.channels.cookies import setting

NAME: Final = "troth_preferences"
KNOWN: Final[Mapping[str, frozenset[str]]] = {"theme": frozenset({"light", "dark"})}
"""What can be arranged, and each way it can be."""


def arrangement(request: HttpRequest) -> dict[str, str]:
    """What this browser has arranged, if it may keep that."""
    return _known(dict(parse_qsl(setting.held(request, NAME))))


def arrange(request: HttpRequest, response: HttpResponseBase, wanted: Mapping[str, str]) -> bool:
    """Keep what was arranged; whatever is not known is taken for the usual way. False where the
    browser may not keep it, or the policy has no such cookie.
    """
    if not setting.may_have(request, NAME):
        return False
    found = _known(arrangement(request) | dict(wanted))
    if not found:
        setting.take_back(response, NAME)
        return True
    return setting.give(request, response, NAME, urlencode(found))


def kept(request: HttpRequest) -> str:
    """Where a page is to keep it: `server`, by calling, or `visit`, in the page's own storage."""
    return "server" if setting.may_have(request, NAME) else "visit"


def _known(found: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in found.items() if value in KNOWN.get(key, ())}
