"""A copy of a conversation for somebody who takes part in it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from troth.channels.conversations import queries
from troth.channels.conversations.mailing import copies


@require_POST
def copy(request: Any, ref: str) -> HttpResponse:
    """Any other address is refused, and the refusal recorded."""
    found = queries.by_ref(ref)
    copies.send_copy(found, request.POST.get("address", "").strip()[:254], actor=request.actor)
    messages.success(request, "A copy is on its way.")
    return redirect("conversations:conversation", ref)
