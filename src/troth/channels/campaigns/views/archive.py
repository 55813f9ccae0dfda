"""The public archive: letters that their authors marked for everybody, and their feed."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from troth.channels.campaigns import archive
from troth.core.notices.versions import current
from troth.kit import links

PAGE = 20


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All public letters, newest first."""
    page = Paginator(archive.archived(), PAGE).get_page(request.GET.get("page"))
    letters = [archive.page(campaign) for campaign in page]
    return render(request, "campaigns/archive.html", {"page": page, "letters": letters})


@require_safe
def letter(request: HttpRequest, ref: str) -> HttpResponse:
    """One letter, also for “read in the browser”."""
    found = archive.page(archive.readable(ref))
    return render(request, "campaigns/archived.html", {"letter": found})


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The newest letters as RSS 2.0."""
    home = reverse("campaigns:archive")
    text = archive.feed(name=current().policy.company.name, home=home, base=links.absolute(""))
    return HttpResponse(text, content_type="application/rss+xml; charset=utf-8")
