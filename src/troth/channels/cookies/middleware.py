"""The one door for cookies: whatever sets one, it leaves the site through here or not at all.

A cookie passes if the policy in force declares it and the browser may have its category; it lasts
no longer than its clause says. What a browser brings and may not have is taken from it with the
next answer, whoever set it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from http.cookies import Morsel
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from troth.channels.cookies import choosing, declared, record, setting
from troth.channels.cookies.standing import published_for, standing_of, was_asked
from troth.policy import Policy
from troth.policy.blocks import Cookie

Handler = Callable[[HttpRequest], HttpResponse]
ALWAYS: Final = frozenset({settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, record.NAME})
"""What the software itself needs: who brings no other has nothing to be taken back."""
_log: Final = logging.getLogger(__name__)


def cookie_middleware(get_response: Handler) -> Handler:
    """Put before all others, so that none of them sets a cookie past it."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        choosing.send(request, response)
        if was_asked(request):  # so it is not given from a cache to who chose otherwise
            patch_vary_headers(response, ["Cookie"])
        if "Set-Cookie" in response.headers:
            # A header of this name by hand would pass beside the cookies that are looked at here.
            del response.headers["Set-Cookie"]
            _log.error("A cookie was set by hand as a header and is refused.")
        if response.cookies or not request.COOKIES.keys() <= ALWAYS:
            published = published_for(request)
            policy = published.policy if published else None
            _hold_back(request, response, policy)
            _take_back(request, response, policy)
        return response

    return handle


def _hold_back(request: HttpRequest, response: HttpResponse, policy: Policy | None) -> None:
    """Let out only what may be set."""
    for name, morsel in list(response.cookies.items()):
        if _removes(morsel):
            continue
        found = declared.cookie(policy, name) if policy else None
        if found is None:
            _log.error("The cookie %s is refused: no clause of the policy declares it.", name)
            del response.cookies[name]
        elif not standing_of(request).allows(found.category):
            del response.cookies[name]
        else:
            _shorten(morsel, found)


def _take_back(request: HttpRequest, response: HttpResponse, policy: Policy | None) -> None:
    """Remove what the browser brought and may not have (any more)."""
    for name in request.COOKIES:
        found = declared.cookie(policy, name) if policy else None
        if (
            found is not None
            and name not in response.cookies
            and not standing_of(request).allows(found.category)
        ):
            setting.take_back(response, name)


def _removes(morsel: Morsel[str]) -> bool:
    return str(morsel["max-age"]) == "0"


def _shorten(morsel: Morsel[str], found: Cookie) -> None:
    """Have it end when its clause says, at the latest."""
    longest = setting.lasts(found)
    if longest is None:
        morsel["max-age"] = morsel["expires"] = ""
    elif morsel["max-age"] != "" and int(morsel["max-age"]) > longest:
        morsel["max-age"], morsel["expires"] = longest, ""
