"""What every page knows: the organisation, its site as the shells show it, its policy's address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from troth.hub.public.site import site_of


def site(request: HttpRequest) -> dict[str, Any]:
    organisation = getattr(request, "organisation", None)
    if organisation is None:
        return {"organisation": None, "policy_url": "/policy"}
    return {
        "organisation": organisation,
        "demo": settings.DEMO,
        "policy_url": "/policy",
        # Most parts of pages do without, and then it costs no query.
        "site": SimpleLazyObject(lambda: site_of(organisation, request)),
    }
