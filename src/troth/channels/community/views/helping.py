"""Help articles for everybody, with a search, and two buttons at the end of each."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from troth.channels.community.helping import finding
from troth.kit.throttle.counting import caller_of, count

DAY: Final = 24 * 60 * 60


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    articles = list(finding.published())
    if not articles:
        raise Http404
    asked = request.GET.get("q", "")[:200]
    context = {"articles": articles, "asked": asked, "found": finding.search(asked)}
    return render(request, "community/help.html", context)


@never_cache
@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    found = finding.article(slug)
    context = {"article": found, "beside": finding.beside(found), "rated": "rated" in request.GET}
    return render(request, "community/article.html", context)


@csrf_exempt  # it changes a count, and whose answer it was is noted nowhere
@require_POST
def rate(request: HttpRequest, slug: str) -> HttpResponse:
    """One answer of a caller counts in a day; whoever clicks again is thanked all the same."""
    found = finding.article(slug)
    if count(f"community.rate.{found.pk}", caller_of(request), seconds=DAY) == 1:
        finding.rate(found, helped=request.POST.get("helped") == "yes")
    return redirect(f"/help/{found.slug}?rated#rated")
