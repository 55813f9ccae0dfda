"""A visit begins: which version of the notice its first page leads to is counted, and no more."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from troth.core.notices.shown import note_shown
from troth.core.notices.versions import PolicyMissing, current
from troth.kit import browsers

Handler = Callable[[HttpRequest], HttpResponse]
_OK = 200
_log = logging.getLogger(__name__)


def arriving_middleware(get_response: Handler) -> Handler:
    """Put inside the scope of the organisation, and behind what finds out who acts."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if _begins(request, response):
            try:
                with suppress(PolicyMissing):
                    note_shown(current().version)
            except DatabaseError as error:  # a page is not lost because it could not be counted
                _log.warning("The beginning of a visit was not noted: %s.", type(error).__name__)
        return response

    return handle


def _begins(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a stranger got a page, and comes from no page of this site. What a browser without
    cookies did before nobody knows, so the next visit of the same one counts as another.
    """
    actor, headers = getattr(request, "actor", None), request.headers
    return (
        actor is not None
        and actor.kind == "visitor"
        and request.method == "GET"
        and response.status_code == _OK
        and response.get("Content-Type", "").startswith("text/html")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "HX-Request" not in headers
        and "Sec-Purpose" not in headers  # fetched ahead, and perhaps never looked at
        and not browsers.is_program(headers.get("User-Agent", ""))
        and _host(headers.get("Referer", "")) != request.get_host()
    )


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
