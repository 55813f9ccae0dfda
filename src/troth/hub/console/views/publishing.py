"""A new version: paste, look at what it changes, publish. Nothing is kept between the steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods, require_POST

from troth.core.errors import Invalid
from troth.core.notices.publish import publish as put_in_force
from troth.hub.console.pages import page
from troth.hub.console.queries import policy as queries

CRUMBS = [("Policy", reverse_lazy("console:policy")), ("New version", "", True)]


def _source(request: HttpRequest) -> str:
    """The file as it was pasted: browsers end lines with CR LF, the file has LF."""
    return request.POST.get("source", "").replace("\r\n", "\n")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Paste a file; by POST, all its problems and what it would change."""
    now = queries.in_force()
    if request.method != "POST":
        start = now.policy.source if now and request.GET.get("from") == "current" else ""
        return page(request, "policy/new.html", _first(start))
    source = _source(request)
    if not source.strip() or len(source) > queries.LONGEST:
        error = (
            "Paste a policy file, or choose one."
            if not source.strip()
            else (
                f"The file is too long: this page takes {queries.LONGEST:,} characters at most. "
                "Use `troth policy publish FILE` for a longer one."
            )
        )
        return page(request, "policy/new.html", _first(source) | {"error": error}, status=400)
    return _looked_at(request, source)


@require_POST
def publish(request: Any) -> HttpResponse:
    """Put the file in force. What was looked at is checked again: it came over the wire."""
    source = _source(request)
    if request.POST.get("looked") != "on":
        return _looked_at(request, source, unconfirmed=True)
    try:
        row = put_in_force(source, actor=request.actor)
    except Invalid as invalid:
        return _looked_at(request, source, refused=invalid)
    messages.success(request, f"Version {row.version} is in force.")
    return redirect("console:policy")


def _first(source: str) -> dict[str, Any]:
    return {"source": source, "now": queries.in_force(), "step": 1, "crumbs": CRUMBS}


def _looked_at(
    request: HttpRequest,
    source: str,
    *,
    refused: Invalid | None = None,
    unconfirmed: bool = False,
) -> HttpResponse:
    trial = queries.try_out(source)
    wrong = bool(refused or unconfirmed or not trial.publishable)
    return page(
        request,
        "policy/trial.html",
        {
            "source": source,
            "trial": trial,
            "now": queries.in_force(),
            "refused": refused,
            "unconfirmed": unconfirmed,
            "crumbs": CRUMBS,
            "step": 3 if trial.publishable else 2,
        },
        status=400 if wrong else 200,
    )
