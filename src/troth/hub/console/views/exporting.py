"""People as a CSV file: a look first, then one bulk use for each category."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from troth.hub.console import purposes
from troth.hub.console.pages import page
from troth.hub.console.queries import contents, exporting
from troth.hub.console.sheets import download
from troth.hub.console.wording import category
from troth.kit.charts import Bar, bars


@require_http_methods(["GET", "HEAD", "POST"])
def people(request: Any) -> HttpResponse:
    """Show what the purpose lets out and what not; by POST, make the file."""
    purpose = purposes.picked(request)
    if request.method == "POST":
        if purpose is None:
            messages.error(request, "Pick a purpose first: it decides what the file may hold.")
            return redirect("console:people-export")
        asked = (
            request.POST.getlist("column") if {"chosen", "column"} & request.POST.keys() else None
        )
        if asked == []:
            messages.error(request, "Tick at least one column.")
            return redirect("console:people-export")
        head, rows = exporting.rows(purpose.key, actor=request.actor, asked=asked)
        return download(f"people-{purpose.key}", head, rows)
    columns = exporting.columns(purpose.key) if purpose else []
    allowed = [column for column in columns if column.allowed]
    chart = bars(
        "People in the file, by what it may say of them",
        [Bar(column.words, column.allowed, column.clause) for column in allowed],
        unit="People",
    )
    return page(
        request,
        "people/export.html",
        {
            "purpose": purpose,
            "allowed": allowed,
            "refused": [column for column in columns if not column.allowed],
            "partly": [column for column in allowed if column.left_out],
            "chart": chart if allowed else None,
            "staying": [
                {"words": category(key), "clause": contents.clause_of(key)}
                for key in contents.held()
            ],
            "staying_why": contents.WHY,
        },
    )
