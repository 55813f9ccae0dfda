"""The page, and one address for each try."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from troth.hub.demo.holding.following import Progress
from troth.hub.demo.holding.outcome import Outcome
from troth.hub.demo.holding.tries import BY_KEY, TRIES
from troth.hub.demo.views import demo_only


@require_safe
@demo_only
def index(request: HttpRequest) -> HttpResponse:
    """All tries; of the long one what is going on, or what came of it a moment ago."""
    return _page(request, "", None)


@require_http_methods(["GET", "HEAD", "POST"])
@demo_only
def attempt(request: HttpRequest, key: str) -> HttpResponse:
    """Make one try and show what came of it: the card alone where the page asks for it."""
    found = BY_KEY.get(key)
    if found is None:
        raise Http404
    if request.method != "POST":  # a result is nothing to come back to: try it again
        return _back(key)
    came = found.run()
    if "HX-Request" in request.headers:
        return _result(request, came)
    return _page(request, key, came) if isinstance(came, Outcome) else _back(key)


@require_safe
@demo_only
def progress(request: HttpRequest) -> HttpResponse:
    """How far the long try is, for a page that asks every second."""
    found = Progress.read() or Progress.ended()
    return _result(request, found.outcome or found)


def _back(key: str) -> HttpResponse:
    return redirect(f"{reverse('holding:index')}#{key}")


def _result(request: HttpRequest, came: Outcome | Progress) -> HttpResponse:
    return render(request, "demo/holding/came.html", _shown(came))


def _shown(came: Outcome | Progress | None) -> dict[str, Any]:
    return {
        "outcome": came if isinstance(came, Outcome) else None,
        "progress": came if isinstance(came, Progress) else None,
    }


def _page(request: HttpRequest, key: str, outcome: Outcome | None) -> HttpResponse:
    came: dict[str, Outcome | Progress | None] = {key: outcome}
    if run := Progress.read():
        came.setdefault("restore", run.outcome or run)
    cards = [{"try": one, **_shown(came.get(one.key))} for one in TRIES]
    return render(request, "demo/holding/page.html", {"cards": cards})
