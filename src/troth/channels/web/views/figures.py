"""Figures for others: what a clause lets go to whom, and the file of it."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from troth.channels.web import figures as making, queries
from troth.channels.web.figures import Figures
from troth.channels.web.models import Tally
from troth.channels.web.views.looking import tabs
from troth.core.errors import Invalid
from troth.kit.cells import safe


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: Any) -> HttpResponse:
    """What may go to whom; by POST the file, as CSV or JSON."""
    if request.method == "POST":
        sent = request.POST
        to, _, purpose = sent.get("to", "").partition("~")
        month = _month(sent.get("month", ""))
        kind = sent.get("kind", "")
        try:
            made = making.give(
                actor=request.actor, to=to, purpose=purpose, dimension=kind, month=month
            )
        except Invalid as invalid:
            messages.error(request, f"{invalid.what} {invalid.do}")
            return redirect("web:figures")
        return _json(made) if sent.get("format") == "json" else _csv(made)
    offers = making.offers(request.actor)
    context = {
        "tabs": tabs(request, "figures"),
        "offers": [
            {
                "offer": offer,
                "months": queries.months_known(offer.source),
                "kinds": [(str(one), Tally.Dimension(one).label) for one in offer.dimensions],
            }
            for offer in offers
        ],
        "step": making.STEP,
    }
    return render(request, "web/figures.html", context)


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        raise Invalid("This is no month.", do="Choose one of the list.") from None


def _csv(made: Figures) -> HttpResponse:
    """A CSV file (RFC 4180) that no cache keeps; a cell never becomes a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([Tally.Dimension(made.dimension).label, "Views", "Visits"])
    for value, views, visits in made.rows:
        writer.writerow([safe(value), views, visits])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    return _kept(answer, made, "csv")


def _json(made: Figures) -> HttpResponse:
    offer = made.offer
    answer = JsonResponse(
        {
            "for": offer.recipient.name,
            "purpose": offer.label,
            "clause": offer.clause,
            "month": f"{made.month:%Y-%m}",
            "smallest_group": offer.least,
            "rounded_down_to": making.STEP,
            "kind": made.dimension,
            "groups": [
                {"value": value, "views": views, "visits": visits}
                for value, views, visits in made.rows
            ],
        },
        json_dumps_params={"ensure_ascii": False},
    )
    return _kept(answer, made, "json")


def _kept(answer: HttpResponse, made: Figures, suffix: str) -> HttpResponse:
    name = f"visits-{made.dimension}-{made.month:%Y-%m}.{suffix}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
