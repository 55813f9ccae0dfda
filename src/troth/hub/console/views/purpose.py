"""Picking the purpose of the task."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from troth.hub.console import purposes


@require_POST
def purpose(request: Any) -> HttpResponse:
    """Keep the purpose and go back to the page it was picked on."""
    purposes.pick(request, request.POST.get("purpose", ""))
    return redirect(came_from(request) or "console:home")


def came_from(request: Any) -> str:
    """The path of our own page that sent the form, or nothing."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}):
        return ""
    parts = urlsplit(referer)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    # A path of ours may begin with two slashes, and would then name another host.
    return path if url_has_allowed_host_and_scheme(path, None) else ""
