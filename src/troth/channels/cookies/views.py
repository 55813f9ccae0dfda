"""The page of cookies: every one the policy declares, and a switch for each category that has one.

The same page is a dialog where scripts run, and the bar of a first visit sends to it too. All of it
works without a script.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from troth.channels.cookies import arranging, choosing
from troth.channels.cookies.listing import groups
from troth.channels.cookies.standing import standing_of
from troth.core.errors import Denied
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.kit.throttle.counting import throttle

PART: Final = "X-Cookie-Part"
"""What a script of ours asks for, or that it is a script which waits for the answer."""


class OtherSiteDenied(Denied):
    """Another site's page sent a choice in somebody's name."""


@csrf_exempt  # a page without a cookie has no mark of Django's; `_ours` takes its place
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Every cookie, and the choice; sending it acts at once."""
    if request.method == "POST":
        return _choose(request)
    part = request.headers.get(PART) == "dialog"
    return _show(request, "cookies/dialog.html" if part else "cookies/settings.html")


@csrf_exempt  # as above
@require_POST
def arrange(request: HttpRequest) -> HttpResponse:
    """Keep how the pages are arranged here, if this browser may."""
    _ours(request)
    response = HttpResponse(status=204)
    arranging.arrange(request, response, request.POST.dict())
    return response


def _show(request: HttpRequest, template: str, *, status: int = 200) -> HttpResponse:
    found, standing = current(), standing_of(request)
    context = {
        "groups": groups(found.policy, standing),
        "asked": standing.asked,
        "objected": standing.objected,
        "version": found.version,
        "next": _next(request),
        "done": "done" in request.GET,
        "outdated": status != 200,  # noqa: PLR2004 - OK
    }
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "private, no-store"
    patch_vary_headers(response, [PART, "Cookie"])
    return response


def _choose(request: HttpRequest) -> HttpResponse:
    _ours(request)
    before = standing_of(request).accepted
    person = _known(request)
    if person is not None:
        throttle("cookies.choose", person.ref, limit=120, seconds=3600)
    try:
        accepted = choosing.choose(
            request,
            choosing.wanted(request.POST),
            shown=request.POST.get("version", ""),
            person=person,
        ).accepted
    except choosing.NoticeOutdatedInvalid:
        return _show(request, "cookies/settings.html", status=409)
    if request.headers.get(PART) == "answer":
        gone = before - accepted
        names = [one.name for one in current().policy.cookies if one.category in gone]
        kept = arranging.kept(request)
        return JsonResponse({"accepted": sorted(accepted), "removed": names, "kept": kept})
    if "bar" in request.POST:
        return HttpResponseRedirect(_next(request) or "/")
    return HttpResponseRedirect(f"{reverse('cookies:settings')}?done")


def _known(request: Any) -> Person | None:
    """Who is logged in. A browser without a session is not looked at any further."""
    user = request.user
    return user.person.root if user.is_authenticated else None


def _ours(request: HttpRequest) -> None:
    """Raises `OtherSiteDenied` unless our own page sent the form."""
    if not _from_here(request):
        raise OtherSiteDenied(
            "This choice did not come from our own page.",
            why="What you accept is yours to say, not another site's.",
            do="Open the cookie settings and choose there.",
        )


def _from_here(request: HttpRequest) -> bool:
    """By the two fields browsers send. What is no browser sends neither."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:  # says more than Origin, which a page without a referrer sends as "null"
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def _next(request: HttpRequest) -> str:
    """Where the visitor was, if that is a page of this site; else ""."""
    found = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(found, allowed_hosts=None)
    return found if ours and found.startswith("/") else ""
