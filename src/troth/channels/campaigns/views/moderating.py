"""Campaigns that somebody reads before they leave."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.campaigns import actions, forms, previewing, queries
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.views.listing import dress
from troth.channels.campaigns.views.showing import counted
from troth.core.notices.versions import current

PAGE = 20


def _queue(request: Any) -> dict[str, Any]:
    page = Paginator(queries.waiting(), PAGE).get_page(request.GET.get("page"))
    for row in page:
        dress(row)
    blocks = [one for one in current().policy.moderates if one.what == "campaigns"]
    return {"page": page, "clause": blocks[0] if blocks else None, "conduct": queries.conduct()}


@never_cache
@require_safe
def queue(request: Any) -> HttpResponse:
    return render(request, "campaigns/queue.html", _queue(request))


@never_cache
@previewing.framing
@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: Any, ref: str) -> HttpResponse:
    """The letter as it will be; approve it, or send it back with a ground and words."""
    found = dress(queries.by_ref(ref))
    if request.method == "POST" and request.POST.get("do") == "approve":
        actions.approve(found, actor=request.actor)
        messages.success(request, "Approved. It leaves at its time.")
        return redirect("campaigns:queue")
    rejecting = request.method == "POST"
    form = forms.RejectForm(request.POST if rejecting else None, grounds=queries.grounds())
    if rejecting and form.is_valid():
        actions.reject(found, actor=request.actor, **form.cleaned_data)
        messages.success(request, "Sent back. Its author reads why.")
        return redirect("campaigns:queue")
    context = _queue(request) | counted(found)
    context |= {
        "campaign": found,
        "form": form,
        "look": previewing.of(found),
        "open": found.state == Campaign.State.WAITING,
    }
    return render(request, "campaigns/reading.html", context, status=422 if rejecting else 200)
