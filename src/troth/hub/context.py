"""What every page knows: the organisation and its policy's version."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    organisation = getattr(request, "organisation", None)
    return {"organisation": organisation, "policy_url": "/policy"}
