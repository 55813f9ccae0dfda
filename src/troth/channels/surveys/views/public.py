"""Surveys for everybody: what is open, one to answer, and what a draw came to."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.forms.api import pace
from troth.channels.surveys import drawing, queries
from troth.channels.surveys.answering import is_open
from troth.channels.surveys.models import Survey
from troth.channels.surveys.pages import SurveyPage


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return render(request, "surveys/index.html", {"surveys": queries.open_now()})


@csrf_exempt  # the page's own mark takes the place of the cookie, as on every form
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, ref: str) -> HttpResponse:
    """One survey. Closed, it says so, and of a contest who won."""
    found = queries.shown(ref)
    if not is_open(found):
        context = {"survey": found} | _draw(found)
        return render(request, "surveys/closed.html", context, status=410)
    page = SurveyPage.about(request, found)
    if request.method == "POST":
        pace(request)
        return page.receive(request)
    return page.show(request, page.form())


@never_cache
@require_safe
def entered(request: HttpRequest, ref: str) -> HttpResponse:
    """The same for whoever entered, and for whoever had entered before."""
    return render(request, "surveys/entered.html", {"survey": queries.shown(ref)})


@never_cache
@require_safe
def draw(request: HttpRequest, ref: str) -> JsonResponse:
    """All that a draw followed from, for a program: the lot, the numbers, who won."""
    found = queries.shown(ref)
    if found.drawn_at is None:
        raise Http404
    return JsonResponse({"contest": found.ref, "entries": found.entries} | _draw(found))


def _draw(survey: Survey) -> dict[str, Any]:
    if survey.drawn_at is None:
        return {}
    return {
        "lot": survey.lot,
        "lot_sha256": sha256(bytes.fromhex(survey.lot)).hexdigest(),
        "entries_sha256": drawing.digest(survey.entries),
        "prizes": survey.prizes,
        "winners": drawing.winners(survey),
    }
