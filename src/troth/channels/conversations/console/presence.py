"""Whether the member takes chats now."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from troth.channels.conversations import actions


@require_POST
def presence(request: Any) -> HttpResponse:
    """Switch between available and away; without a choice it says only that the member is there."""
    chosen = {"yes": True, "no": False}.get(request.POST.get("available", ""))
    kept = actions.here(actor=request.actor, available=chosen)
    if request.htmx:
        return render(request, "conversations/pieces/presence.html", {"presence": kept})
    referer = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(referer, {request.get_host()})
    return redirect(referer if ours else "conversations:inbox")
