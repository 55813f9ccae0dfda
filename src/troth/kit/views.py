"""The kit's own pages: the accent stylesheet, and the style guide."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from troth.kit import accent as accents


@require_safe
def accent(request: HttpRequest, accent: str) -> HttpResponse:
    """The stylesheet of one colour. The address holds the colour, so it never changes."""
    response = HttpResponse(accents.stylesheet(accent), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every piece in every state; only where the installation is for looking at."""
    if not (settings.DEBUG or getattr(settings, "DEMO", False)):
        raise Http404
    from troth.kit.styleguide import sample

    return render(request, "kit/styleguide.html", sample(request))
