"""What the web does for the live process: tickets for the staff."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from troth.channels.accounts.api import sign_in_of
from troth.channels.conversations.live import tickets
from troth.kit.live import address


@never_cache
@require_POST
def ticket(request: Any) -> HttpResponse:
    """Where the live process is, and a ticket for this page. 404 where none is served."""
    url = address.of(request)
    if not url:
        return JsonResponse({"url": "", "ticket": ""}, status=404)
    origin = f"{request.scheme}://{request.get_host()}"
    made = tickets.issue(request.member, origin, sign_in_of(request))
    return JsonResponse({"url": url, "ticket": made})
