"""Requests counted on the server, where the policy's log serves to run the site. Nothing is asked
of the browser for it, and nothing of the single request is kept here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from troth.channels.web import actions, beacons
from troth.channels.web.grounds import NETWORK, Ground, requests
from troth.channels.web.staff import is_of_staff
from troth.core.notices.versions import PolicyMissing, current
from troth.core.organisations.scope import scope
from troth.kit import browsers

Handler = Callable[[HttpRequest], HttpResponse]
_OK: Final = 200
_log: Final = logging.getLogger(__name__)


def log_middleware(get_response: Handler) -> Handler:
    """Put behind what finds out who acts; it counts what the public gets to see."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if _is_page(request, response) and beacons.is_person(request):
            try:
                _count(request)
            except DatabaseError as error:  # a page is not lost because it could not be counted
                _log.warning("A request was not counted: %s.", type(error).__name__)
        return response

    return handle


def _is_page(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether somebody who is not of the staff asked for a page, and got it."""
    actor = getattr(request, "actor", None)
    return (
        actor is not None
        and actor.kind in ("visitor", "person")
        and request.method == "GET"
        and response.status_code == _OK
        and response.get("Content-Type", "").startswith("text/html")
        and "HX-Request" not in request.headers
    )


def _count(request: HttpRequest) -> None:
    with scope(request.organisation):  # type: ignore[attr-defined]
        try:
            ground = requests(current())
        except PolicyMissing:
            return
        if ground is None or is_of_staff(request):
            return
        referrer = request.headers.get("Referer", "")[: beacons.LONGEST]
        seen = beacons.of_request(request, ground, request.path, referrer)
        actions.log(seen, who=_who(request, ground))


def _who(request: HttpRequest, ground: Ground) -> str:
    """What tells browsers apart for a day, never kept: only where the clause names the address, and
    where it has to be known of how many a group is.
    """
    if NETWORK not in ground.elements or not ground.in_groups:
        return ""
    return f"{browsers.network(request)} {request.headers.get('User-Agent', '')}"
