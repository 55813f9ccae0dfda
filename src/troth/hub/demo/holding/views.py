"""The page, and one address for each try."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from troth.hub.demo.holding.outcome import Outcome
from troth.hub.demo.holding.tries import BY_KEY, TRIES
from troth.hub.demo.views import demo_only


@require_safe
@demo_only
def index(request: HttpRequest) -> HttpResponse:
    """All tries, none made."""
    return _page(request, "", None)


@require_http_methods(["GET", "HEAD", "POST"])
@demo_only
def attempt(request: HttpRequest, key: str) -> HttpResponse:
    """Make one try and show what came of it: the card alone where the page asks for it."""
    found = BY_KEY.get(key)
    if found is None:
        raise Http404
    if request.method != "POST":  # a result is nothing to come back to: try it again
        return redirect(f"{reverse('holding:index')}#{key}")
    outcome = found.run()
    if "HX-Request" in request.headers:
        return render(request, "demo/holding/result.html", {"outcome": outcome})
    return _page(request, key, outcome)


def _page(request: HttpRequest, key: str, outcome: Outcome | None) -> HttpResponse:
    cards: list[dict[str, Any]] = [
        {"try": one, "number": number, "outcome": outcome if one.key == key else None}
        for number, one in enumerate(TRIES, 1)
    ]
    return render(request, "demo/holding/page.html", {"cards": cards})
