"""Surveys for everybody: what is open, one to answer, and what a draw came to."""

from __future__ import annotations

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.forms.api import pace
from troth.channels.surveys import queries
from troth.channels.surveys.answering import is_open
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
        context = {
            "survey": found,
            "winners": queries.winners(found),
            "sealed": sha256(bytes.fromhex(found.lot)).hexdigest(),
        }
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
