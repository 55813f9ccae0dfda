from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth.channels.notices import news
from troth.channels.notices.links import LIFETIME, person_of
from troth.channels.notices.mails import LINK
from troth.core.actors import Actor
from troth.core.notices.versions import current
from troth.core.people.models import Person


@csrf_exempt  # the address is the credential, and it is not in a cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """What changed, for whoever has the link from the mail. Looking records nothing: scanners of
    mail look too.
    """
    person = person_of(token, LINK, LIFETIME)
    on = Onward(f"/preferences/{token}", "All your choices")
    answer = _page(request, person, "notice-link", on)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: Any) -> HttpResponse:
    """What changed, shown once to somebody who comes back and logs in, with a record of it."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    on = Onward(
        wanted if ours and wanted.startswith("/") else resolve_url(settings.LOGIN_REDIRECT_URL),
        "Go on",
    )
    person = request.user.person.root
    if request.method == "GET" and (found := news.of(person)) is not None:
        news.show(person, found, actor=_as(person), way="account")
    return _page(request, person, "account", on, csrf=True)


@dataclass(frozen=True, slots=True)
class Onward:
    """Where the page leads to."""

    url: str
    label: str


def _page(
    request: HttpRequest, person: Person, way: str, on: Onward, *, csrf: bool = False
) -> HttpResponse:
    found, status = news.of(person), 200
    if found is not None and request.method == "POST":
        if request.POST.get("version") == found.published.version:
            refused = request.POST.getlist("refuse")
            news.answer(person, found, actor=_as(person), way=way, refused=refused)
            query = urlencode({"answered": 1, "next": on.url} if csrf else {"answered": 1})
            return redirect(f"{request.path}?{query}")
        status = 409  # another version came out meanwhile: this is the page of that one
    context = {
        "news": found,
        "outdated": status != 200,  # noqa: PLR2004 - the usual one
        "version": current().version,
        "answered": "answered" in request.GET,
        "on": on,
        "csrf": csrf,
    }
    return render(request, "notices/changed.html", context, status=status)


def _as(person: Person) -> Actor:
    return Actor("person", person.ref, person_id=person.pk)
