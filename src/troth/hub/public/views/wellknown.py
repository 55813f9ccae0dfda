"""Addresses that machines look for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from troth.core import clock
from troth.core.notices.versions import current
from troth.kit import accent as accents

PRIVATE_PARTS = ("/account/", "/console/", "/preferences/", "/mailbox/")


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """RFC 9116: whom to tell of a weakness. `Expires` is at most a year ahead (section 2.5.5)."""
    policy = current().policy
    midnight = datetime.combine(clock.now().date(), datetime.min.time(), UTC)
    lines = [
        f"Contact: mailto:{policy.company.privacy_contact}",
        f"Expires: {midnight + timedelta(days=90):%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {policy.language}",
        f"Canonical: {request.build_absolute_uri(reverse('public:security-txt'))}",
        f"Policy: {request.build_absolute_uri(reverse('public:policy'))}",
    ]
    return _text("\r\n".join(lines) + "\r\n")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be found; what is for one person is left alone."""
    lines = ["User-agent: *", *(f"Disallow: {part}" for part in PRIVATE_PARTS)]
    return _text("\n".join(lines) + "\n")


@require_safe
@cache_control(public=True, max_age=3600)
def gpc(request: HttpRequest) -> HttpResponse:
    """https://www.w3.org/TR/gpc/: that we keep to it, stated with the version in force."""
    return JsonResponse({"gpc": True, "lastUpdate": f"{current().published_at:%Y-%m-%d}"})


@require_safe
@cache_control(public=True, max_age=3600)
def accent(request: HttpRequest) -> HttpResponse:
    """The organisation's colour, for a page elsewhere that embeds a form."""
    found = current().policy.company.accent or request.organisation.accent  # type: ignore[attr-defined]
    return HttpResponse(accents.stylesheet(found), content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=86400)
def favicon(request: HttpRequest) -> HttpResponse:
    """For what asks for an icon without reading the page that names it."""
    return redirect(static("kit/favicon.svg"))


def _text(content: str) -> HttpResponse:
    return HttpResponse(content, content_type="text/plain; charset=utf-8")
