"""What has become stale or needless: a report, and its removal in one confirmed act."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from troth.channels.campaigns.api import bounced
from troth.core.retention import api
from troth.hub.console.pages import page
from troth.hub.console.wording import Wording, category

SOME = 50


@require_http_methods(["GET", "HEAD", "POST"])
def outdated(request: Any) -> HttpResponse:
    """Addresses gone stale and fields that no purpose uses; by POST, one of them goes."""
    unconfirmed = ""
    if request.method == "POST":
        what = str(request.POST.get("what", ""))
        if "confirmed" in request.POST:
            count = _remove(what, _shown(request), request.actor)
            messages.success(request, f"Gone, and on the ledger: {count}.")
            return redirect("console:outdated")
        unconfirmed = what
    words, stale = Wording(), api.stale(bounced()).select_related("person__root")
    context = {
        "months": api.months(),
        "stale_count": stale.count(),
        "stale": list(stale.order_by("collected_at")[:SOME]),
        "idle": [(one, words.element(one.name, one.category), category(one.category))
                 for one in api.idle()],
        "unconfirmed": unconfirmed,
        "tab": "outdated",
    }  # fmt: skip
    return page(request, "retention/outdated.html", context, 422 if unconfirmed else 200)


def _shown(request: Any) -> list[UUID]:
    """The addresses that stood on the page that was sent."""
    try:
        found = [UUID(hex=one) for one in str(request.POST.get("shown", "")).split()]
    except ValueError:
        return []
    return found[:SOME]


def _remove(what: str, shown: list[UUID], actor: Any) -> int:
    if what == "stale":
        return api.remove_stale(shown, actor=actor, bounced=bounced())
    return api.remove_idle(what, actor=actor)
