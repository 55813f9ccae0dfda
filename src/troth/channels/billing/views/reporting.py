"""Where orders began, for the staff."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from troth.channels.billing import sources
from troth.channels.billing.wording import dress
from troth.core.errors import Denied
from troth.core.notices.versions import current


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sources_report(request: Any) -> HttpResponse:
    """The sales report. Opening it is a use, and recorded, so it is asked for."""
    key = sources.purpose()
    if not key:
        raise Http404
    context: dict[str, Any] = {"purpose": current().rules.purposes[key]}
    if request.method == "POST":
        try:
            found = sources.report(actor=request.actor)
        except Denied as denied:
            context["denied"] = denied
        else:
            context |= {
                "report": found,
                "orders": [(dress(order), page) for order, page in found.orders],
            }
    return render(
        request, "billing/console/sources.html", context, status=403 if "denied" in context else 200
    )
