"""The customer's pages: the code, what is going to happen, and the session while it runs."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth.channels.remote import granting, ice, joining
from troth.channels.remote.clauses import place
from troth.channels.remote.ending import end
from troth.channels.remote.forms import CodeForm
from troth.channels.remote.models import Session
from troth.channels.remote.wording import agent, length, minutes
from troth.core.errors import Invalid, Refusal
from troth.kit.live import address
from troth.kit.throttle.counting import caller_of, throttle

WINDOW: Final = 600  # seconds
TRIES: Final = 10  # codes that one caller may try in it
TRIES_OF_ALL: Final = 300
UNPROCESSABLE: Final = 422


@csrf_exempt  # the code is the credential, and it is in no cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Where the code is typed in. Guessing is slowed down for each caller, and for all together."""
    here = place()
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        limit = int(settings.HOME.option("remote_code_tries", str(TRIES)))
        throttle("remote-code", caller_of(request), limit=limit, seconds=WINDOW)
        throttle("remote-codes", "all", limit=max(limit, TRIES_OF_ALL), seconds=WINDOW)
        try:
            found, secret = joining.join(form.cleaned_data["code"])
        except Invalid as invalid:
            form.add_error("code", f"{invalid.what} {invalid.why} {invalid.do}")
        else:
            answer = redirect("remote:session", found.ref, secret)
            answer.status_code = 303
            return _guarded(answer)
    context = {"form": form, "touchpoint": here.touchpoint, "served": bool(address.of(request))}
    status = UNPROCESSABLE if form.is_bound else 200
    return _guarded(render(request, "remote/enter.html", context, status=status))


@never_cache
@require_safe
def session(request: HttpRequest, ref: str, secret: str) -> HttpResponse:
    """The customer's page of one session, however far it is."""
    return _shown(request, joining.held_by(ref, secret), secret)


def _shown(
    request: HttpRequest, found: Session, secret: str, refusal: Refusal | None = None
) -> HttpResponse:
    here = place()
    purposes = here.published.rules.purposes
    context: dict[str, Any] = {
        "session": found,
        "secret": secret,
        "here": here,
        "purposes": [purposes[key] for key in here.touchpoint.purposes],
        "agent": agent(found),
        "longest": minutes(found.seconds),
        "length": length(found),
        "ground": here.grounds.get(found.ground, found.ground),
        "live": address.of(request),
        "ice": ice.servers(found),
        "wording": granting.wording(found, here),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return _guarded(render(request, "remote/session.html", context, status=status))


@csrf_exempt  # the secret in the address is the credential, and it is in no cookie
@never_cache
@require_POST
def do(request: HttpRequest, ref: str, secret: str) -> HttpResponse:
    """What the customer decides: `do` is grant, stop, point or unpoint."""
    found, wish = joining.held_by(ref, secret), request.POST.get("do", "")
    by_script = "application/json" in request.headers.get("Accept", "")
    try:
        if wish == "grant":
            granting.grant(found, accepted=request.POST.get("accept") == "on")
        elif wish in ("point", "unpoint"):
            granting.point(found, on=wish == "point")
        else:
            end(found, by=Session.Ending.CUSTOMER)
    except Refusal as refused:
        if not by_script:
            return _shown(request, found, secret, refused)
        words = " ".join(filter(None, (refused.what, refused.why, refused.do)))
        return JsonResponse({"error": words}, status=refused.status)
    if by_script:
        return JsonResponse({"state": found.state})
    return _guarded(redirect("remote:session", ref, secret))


def _guarded(answer: HttpResponse) -> HttpResponse:
    """Its address is a credential: no search engine lists it. Other sites are told none anyway."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Permissions-Policy"] = "display-capture=(self)"
    return answer
