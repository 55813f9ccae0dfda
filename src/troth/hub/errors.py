"""Error pages: what happened, why (which clause), what to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from troth.core.errors import Refusal
from troth.kit import refusals


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page of a refusal, with the clause that decides; for the staff inside the console."""
    if getattr(request, "member", None) is not None and "HX-Request" not in request.headers:
        context = {"refusal": refusals.of(refusal)}
        answer = render(request, "console/refusal.html", context, status=refusal.status)
    else:
        answer = refusals.respond(request, refusal)
    if seconds := getattr(refusal, "seconds", 0):
        answer["Retry-After"] = str(seconds)
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was not sent from our own page, or its cookie is gone."""
    return refusal_page(
        request,
        Refusal(
            "This form could not be accepted.",
            why="It did not carry the mark of a page of ours, or the page was open too long.",
            do="Go back, reload the page and send it again. What you typed is still there.",
        ),
    )
