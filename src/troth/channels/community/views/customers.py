"""The list of customers, and the way off it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.community import pictures
from troth.channels.community.clauses import LIST, CommunityMissing, needed
from troth.channels.community.listing import entries
from troth.channels.community.mails import LEAVE, LIFE
from troth.channels.community.models import Entry
from troth.channels.rights.api import ask_path
from troth.core.actors import Actor
from troth.kit import links


@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Whoever's time to refuse is over since the worker looked last is on it too."""
    entries.publish_due()
    context = {
        "place": needed(LIST),
        "entries": entries.listed(),
        "ask": ask_path("removal"),
    }
    return render(request, "community/customers.html", context)


@never_cache
@require_safe
def logo(_request: HttpRequest, ref: str) -> HttpResponse:
    needed(LIST)
    found = entries.one(ref)
    if found is None or not found.logo:
        raise CommunityMissing("There is no such picture.")
    return drawn(found.logo)


@csrf_exempt  # the address is the credential: there is nothing another site could misuse
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    """Off the list at once. Looking changes nothing: link scanners look too."""
    ref = links.read(token, LEAVE, LIFE)
    entry = Entry.objects.filter(ref=ref).select_related("person__root").first()
    if request.method == "POST" and entry is not None:
        person = entry.person.root
        actor = Actor("person", person.ref, person_id=person.pk)
        entries.leave(entry, actor=actor, way="link")
        entry = None
    answer = render(request, "community/leave.html", {"entry": entry, "place": needed(LIST)})
    return unlisted(answer)


def drawn(held: str) -> HttpResponse:
    """A picture, which no browser takes for a page."""
    content, mime = pictures.content(held)
    answer = HttpResponse(content, content_type=mime)
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def unlisted(answer: HttpResponse) -> HttpResponse:
    """A page behind a link of somebody's own."""
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
