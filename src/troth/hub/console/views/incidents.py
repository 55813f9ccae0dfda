"""People who said “this was not me”: what the company has to look into."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from troth.channels.accounts.api import handle_incident, unhandled
from troth.hub.console.pages import page


@require_safe
def incidents(request: Any) -> HttpResponse:
    """Those nobody has looked into yet, newest first."""
    return page(request, "settings/incidents.html", {"incidents": unhandled()[:100]})


@require_POST
def handled(request: Any, pk: UUID) -> HttpResponse:
    handle_incident(pk, actor=request.actor)
    messages.success(request, "Marked as handled. The person sees it in their timeline.")
    return redirect("console:incidents")
