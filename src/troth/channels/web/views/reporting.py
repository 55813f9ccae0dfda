"""What a page of ours, or of a site of the organisation's, calls: the script, a report, a picture.

Nobody is asked for more than their request brings. Another origin's page may call only if the
organisation named it, and never with cookies (CORS, the Fetch standard).
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import condition, require_http_methods, require_safe

from troth.channels.cookies import api as cookies
from troth.channels.web import actions, beacons, paths
from troth.channels.web.grounds import ANALYTICS, Ground, visits
from troth.channels.web.models import Site
from troth.channels.web.script import Script, script_of
from troth.channels.web.staff import is_of_staff
from troth.core.actors import Actor
from troth.core.errors import Denied, Missing, Refusal
from troth.core.gate.denials import UseDenied, record_denial
from troth.core.notices.versions import PolicyMissing, Published, current
from troth.kit.throttle.counting import ThrottleDenied, caller_of, throttle

KIND: Final = "text/javascript; charset=utf-8"
FRESH: Final = "public, max-age=300, stale-while-revalidate=86400"
PER_MINUTE: Final = 120
"""Reports of one caller; a company behind a shared address may set `web_per_minute`."""
NOTED_PER_HOUR: Final = 10
"""Refused reports that are put on the ledger: a flood of them says nothing more."""
SERVER_FAULT: Final = 500
PIXEL: Final = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)


class OriginDenied(Denied):
    """A page of a site that the organisation did not name."""


class VisitsMissing(Missing):
    """The policy in force notes nothing of visits."""


def _ground() -> tuple[Ground | None, Published | None]:
    try:
        published = current()
    except PolicyMissing:
        return None, None
    return visits(published), published


def _script(_: HttpRequest) -> Script | None:
    ground = _ground()[0]
    return script_of(ground) if ground else None


def _tag(request: HttpRequest) -> str | None:
    found = _script(request)
    return f'"{found.tag}"' if found else None


@require_safe
@condition(etag_func=_tag)
def script(request: HttpRequest) -> HttpResponse:
    """The script, the same for everybody; 404 where the policy notes nothing of visits."""
    found = _script(request)
    if found is None:
        told = 'console.info("Nothing is counted here: no clause of the policy says so.");\n'
        return HttpResponse(told, status=404, content_type=KIND)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(found.packed if packed else found.text, content_type=KIND)
    if packed:
        answer["Content-Encoding"] = "gzip"
    answer["Vary"] = "Accept-Encoding"
    answer["Cache-Control"] = FRESH
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@csrf_exempt  # a report changes nothing of anybody's, and a page of another origin has no token
@never_cache
@require_http_methods(["POST", "OPTIONS"])
def report(request: HttpRequest) -> HttpResponse:
    """A view, or a link that was followed. 204 whether or not it was counted."""
    try:
        origin = _other_origin(request)
        answer = HttpResponse(status=204)
        if request.method == "POST":
            _throttled(request)
            _take(request, answer, apart=bool(origin))
    except Refusal as refusal:
        if refusal.status >= SERVER_FAULT:
            raise
        _note(refusal)
        answer, origin = _problem(refusal), ""
    if origin:
        answer["Access-Control-Allow-Origin"] = origin
        answer["Access-Control-Allow-Methods"] = "POST"
        answer["Access-Control-Allow-Headers"] = "Content-Type"
    answer["Vary"] = "Origin"
    return answer


@never_cache
@require_safe
def pixel(request: HttpRequest) -> HttpResponse:
    """The picture of a page without script: the page is the one that shows it."""
    answer = HttpResponse(PIXEL, content_type="image/gif")
    referrer = request.headers.get("Referer", "")
    if paths.host_of(referrer) != request.get_host().lower() or request.method != "GET":
        return answer
    ground, published = _ground()
    if ground is None or published is None:
        return answer
    try:
        _throttled(request)
    except ThrottleDenied:
        return answer
    page = referrer[: beacons.LONGEST]
    seen = beacons.of_request(request, ground, page, page)
    _count(request, answer, seen, ground, published, apart=False)
    return answer


def _throttled(request: HttpRequest) -> None:
    limit = int(settings.HOME.option("web_per_minute", str(PER_MINUTE)))
    throttle("web.report", caller_of(request), limit=limit, seconds=60)


def _take(request: HttpRequest, answer: HttpResponse, *, apart: bool) -> None:
    ground, published = _ground()
    if ground is None or published is None:
        raise VisitsMissing("Nothing is counted here.", why="The policy has no clause for visits.")
    sent = beacons.body(request)
    seen = beacons.read(sent, request, ground, published, Actor.visitor(), apart=apart)
    _count(request, answer, seen, ground, published, apart=apart)


def _count(
    request: HttpRequest,
    answer: HttpResponse,
    seen: beacons.Seen,
    ground: Ground,
    published: Published,
    *,
    apart: bool,
) -> None:
    """Count it, if somebody looks who may be counted."""
    if not beacons.is_person(request) or is_of_staff(request):
        return
    number = "" if apart else cookies.visitor_for(request, answer)
    if ground.asks and not number and (apart or not cookies.may(request, ANALYTICS)):
        return
    actions.take(seen, number=number, ground=ground, published=published, actor=Actor.visitor())


def _other_origin(request: HttpRequest) -> str:
    """The origin of the calling page, if it is another one. Raises `OriginDenied`."""
    origin = request.headers.get("Origin", "")
    own = f"{request.scheme}://{request.get_host()}"
    if not origin or origin.lower() == own.lower():
        return ""
    if not Site.objects.filter(origin=origin.lower()).exists():
        raise OriginDenied(
            "Pages of this site do not report here.",
            why="The organisation did not name it.",
            do="Add it in the console, under Visits, Sites.",
        )
    return origin


def _note(refusal: Refusal) -> None:
    """Put a refused report on the ledger, but not a flood of them."""
    if not isinstance(refusal, UseDenied):
        return
    try:
        throttle("web.refused", "", limit=NOTED_PER_HOUR, seconds=3600)
    except ThrottleDenied:
        return
    record_denial(refusal)


def _problem(refusal: Refusal) -> HttpResponse:
    """Problem details (RFC 9457)."""
    found: dict[str, Any] = {
        "title": refusal.what,
        "status": refusal.status,
        "detail": " ".join(filter(None, (refusal.why, refusal.do))),
        "clause": refusal.clause,
    }
    answer = JsonResponse(found, status=refusal.status, content_type="application/problem+json")
    if seconds := getattr(refusal, "seconds", 0):
        answer["Retry-After"] = str(seconds)
    return answer
