"""The kit's own pages: the accent stylesheet, and the style guide."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from troth.kit import accent as accents, refusals, styleguide as guide

FACES = {"pieces", "console", "bare", "embed", "policy"}


@require_safe
def accent(request: HttpRequest, accent: str) -> HttpResponse:
    """The stylesheet of one colour. The address holds the colour, so it never changes."""
    response = HttpResponse(accents.stylesheet(accent), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@require_safe
def styleguide(request: HttpRequest, face: str = "pieces") -> HttpResponse:
    """Every piece in every state, or one of the shells; a number shows that error page.

    Only where the installation is for looking at: with DEBUG or DEMO set.
    """
    if not (settings.DEBUG or getattr(settings, "DEMO", False)):
        raise Http404
    if face in FACES:
        return render(request, f"kit/styleguide/{face}.html", guide.sample(request))
    if face == "refusal":
        return refusals.respond(request, guide.sample(request)["refusal"])
    if face in refusals.PAGES:
        return render(request, f"{face}.html", status=int(face))
    raise Http404
