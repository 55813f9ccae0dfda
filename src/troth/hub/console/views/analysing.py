"""Figures for analysis as a CSV file: a look at what is in it first, then one bulk use."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from troth.hub.console import purposes
from troth.hub.console.pages import page
from troth.hub.console.queries import analysing
from troth.hub.console.sheets import download


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: Any) -> HttpResponse:
    """Show what the figures would be over and what stays out; by POST, make the file."""
    purpose = purposes.picked(request)
    if request.method == "POST":
        if purpose is None:
            messages.error(request, "Pick a purpose first: it decides what the file may hold.")
            return redirect("console:people-analysis")
        asked = request.POST.getlist("column")
        head, rows = analysing.table(purpose, actor=request.actor, asked=asked)
        return download(f"figures-{purpose.key}", head, rows)
    fits = purpose is not None and analysing.is_analysis(purpose)
    context: dict[str, Any] = {
        "purpose": purpose,
        "fits": fits,
        "fitting": [one for one in purposes.offered(request) if analysing.is_analysis(one)],
    }
    if purpose and fits:
        context |= {
            "columns": analysing.columns(purpose.key),
            "staying": analysing.staying(purpose.key),
            "smallest": analysing.smallest(purpose.key),
        }
    return page(request, "people/analysis.html", context)
