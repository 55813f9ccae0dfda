"""Setting and reading the cookies that the policy declares."""

from __future__ import annotations

import re
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from troth.channels.cookies import declared
from troth.channels.cookies.standing import published_for, standing_of
from troth.core import clock
from troth.core.errors import Missing
from troth.core.ids import opaque_ref
from troth.policy.blocks import Cookie

VISITOR: Final = "troth_visitor"
_NUMBER: Final = re.compile(r"[0-9a-f]{32}")


class CookieMissing(Missing):
    """The software was to set a cookie that no clause declares."""

    status = 500


def may(request: HttpRequest, category: str) -> bool:
    """Whether this browser may have cookies of a category: chosen under a version that covers what
    the policy declares now, and not objected to by the browser itself.
    """
    return standing_of(request).allows(category)


def declaration(request: HttpRequest, name: str) -> Cookie | None:
    """What the policy in force says of a cookie; None if it says nothing."""
    published = published_for(request)
    return declared.cookie(published.policy, name) if published else None


def may_have(request: HttpRequest, name: str) -> bool:
    """Whether this browser may have this cookie."""
    found = declaration(request, name)
    return found is not None and may(request, found.category)


def held(request: HttpRequest, name: str) -> str:
    """What the browser brought in a cookie it may have; else "", whatever it brought."""
    value = request.COOKIES.get(name, "")
    return value if value and may_have(request, name) else ""


def give(request: HttpRequest, response: HttpResponseBase, name: str, value: str) -> bool:
    """Set a cookie for as long as its clause says. False, and nothing is set, where its category
    was not chosen. Raises `CookieMissing` where no clause declares it.
    """
    found = declaration(request, name)
    if found is None:
        raise CookieMissing(
            f"The cookie {name} is not set.",
            why="No clause of the policy declares it.",
            do="Add a [[cookie]] to the policy.",
        )
    if not may(request, found.category):
        return False
    response.set_cookie(
        name,
        value,
        max_age=lasts(found),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return True


def take_back(response: HttpResponseBase, name: str) -> None:
    """Have the browser remove a cookie."""
    response.delete_cookie(name, samesite="Lax")


def lasts(cookie: Cookie) -> int | None:
    """The seconds a cookie of this declaration may last from now; None: until the browser ends."""
    if cookie.lifetime is None:
        return None
    now = clock.now()
    return int((cookie.lifetime.due(now) - now).total_seconds())


def visitor_of(request: HttpRequest) -> str:
    """The number of this browser: 32 hex digits, "" where it has none or may not have one."""
    value = held(request, VISITOR)
    return value if _NUMBER.fullmatch(value) else ""


def visitor_for(request: HttpRequest, response: HttpResponseBase) -> str:
    """The same, and a new number at random where one is allowed and the browser has none. "" where
    the policy has no such cookie, or its category was not chosen.
    """
    if not may_have(request, VISITOR):
        return ""
    found = visitor_of(request)
    if not found:
        found = opaque_ref()
        give(request, response, VISITOR, found)
    return found
