"""Pages behind links: to show that an address is one's own, to follow a request, to get a package,
and for recipients to answer. Looking changes nothing: link scanners look too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from troth.channels.rights import escalating, mails, passing_on, wording
from troth.channels.rights.finding import address_of
from troth.channels.rights.models import Ticket
from troth.channels.rights.offered import offered
from troth.channels.rights.receiving import SYSTEM, bearer, prove_by_address, receive, tell
from troth.channels.rights.showing import whole
from troth.channels.rights.views.site import unlisted
from troth.core import clock
from troth.core.actors import Actor
from troth.core.errors import Missing
from troth.core.people.models import Person
from troth.core.rights import api as rights
from troth.core.rights.api import Content, Request, Telling
from troth.core.rights.kinds import CHANGING, SHOWING, TALKED
from troth.kit import links
from troth.kit.throttle.counting import throttle

PREFERENCES: Final = "preferences"
PREFERENCES_LIFE: Final = timedelta(days=400)
METHODS: Final = ["GET", "HEAD", "POST"]


@unlisted
@require_http_methods(METHODS)
def prove(request: HttpRequest, token: str) -> HttpResponse:
    """From the mail: yes, it was me. The link works once."""
    found = rights.by_ref(links.read(token, mails.PROVE, mails.PROVE_LIFE))
    if request.method == "POST" and found.state == Request.State.UNPROVEN:
        prove_by_address(found)
        return redirect(mails.own_path(found))
    if found.state != Request.State.UNPROVEN:
        raise links.LinkInvalid
    context = {"label": wording.kind(found.kind), "clause": found.clause}
    return render(request, "requests/prove.html", context)


@unlisted
@require_http_methods(METHODS)
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever an agent sent here: the link goes to the address that the agent gave us."""
    found = rights.by_ref(links.read(token, mails.VERIFY, mails.PROVE_LIFE))
    unproven = found.state == Request.State.UNPROVEN
    reached = bool(rights.read_content(found, actor=bearer(found)).reply_to)
    if request.method == "POST" and unproven and reached:
        throttle("requests.verify", found.ref, limit=3, seconds=3600)
        tell(found, "prove")
    context = {"label": wording.kind(found.kind), "sent": request.method == "POST"}
    return render(
        request,
        "requests/verify.html",
        context | {"unproven": unproven, "reached": reached, "number": found.ref[:8]},
    )


@unlisted
@require_http_methods(METHODS)
def mine(request: HttpRequest, token: str) -> HttpResponse:
    """One request, for whoever got our mail about it."""
    found = rights.by_ref(links.read(token, mails.OWN, mails.OWN_LIFE))
    if found.state == Request.State.UNPROVEN:
        raise links.LinkInvalid
    if request.method == "POST":
        act(found, request.POST.get("do", ""), actor=bearer(found), given=request.POST)
        return redirect("requests:mine", token=token)
    return render(request, "requests/mine.html", whole(found, to_person=True))


@unlisted
@require_http_methods(METHODS)
def package(request: HttpRequest, token: str) -> HttpResponse:
    """The package, once. The button opens it, so that no scanner of mails uses the link up."""
    ref = links.read(token, mails.TICKET, mails.TICKET_LIFE)
    ticket = Ticket.objects.select_related("request").filter(ref=ref, used_at=None).first()
    if ticket is None or ticket.expires_at < clock.now():
        raise links.LinkInvalid
    if request.method != "POST":
        return render(request, "requests/package.html", {"found": ticket.request})
    with transaction.atomic():
        if not Ticket.objects.filter(pk=ticket.pk, used_at=None).update(used_at=clock.now()):
            raise links.LinkInvalid
        content = rights.package(ticket.request)
    answer = HttpResponse(content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="my-data-{ticket.request.ref[:8]}.zip"'
    return answer


@unlisted
@require_http_methods(METHODS)
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """From the link to somebody's choices. Such a link may lie in an old newsletter, so it stops
    uses and shows or destroys nothing: that asks for a fresh link to the address.
    """
    ref = links.read(token, PREFERENCES, PREFERENCES_LIFE)
    person = Person.objects.select_related("root").filter(ref=ref).first()
    if person is None:
        raise links.LinkInvalid
    light = [one for one in offered() if one.kind not in SHOWING | CHANGING | TALKED]
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind not in {one.kind for one in light}:
            raise Missing("The policy gives no such right.", do="Choose one of those it gives.")
        actor = Actor("person", person.ref, person_id=person.pk)
        content = Content(reply_to=address_of(person.root, actor=actor))
        found = receive(kind, actor=actor, way="link", person=person.root, content=content)
        return redirect(mails.own_path(found))
    context = {"light": light, "others": [one for one in offered() if one not in light]}
    return render(request, "requests/by_link.html", context)


@unlisted
@require_http_methods(METHODS)
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """A recipient says what became of it."""
    telling = rights.telling_by_ref(links.read(token, passing_on.LINK, passing_on.LIFE))
    still = telling.state in (*Telling.OPEN, Telling.State.SILENT)
    if request.method == "POST" and still:
        done = request.POST.get("answer") == "done"
        rights.was_answered(telling, actor=SYSTEM, done=done)
        return redirect(request.path)
    context = {"telling": telling, "open": still, "number": telling.ref[:8]}
    return render(request, "requests/answer.html", context)


def act(found: Request, what: str, *, actor: Actor, given: Mapping[str, str]) -> None:
    """What a person may do with a request of their own."""
    if what == "escalate":
        escalating.agree(found, consent=given.get("consent") == "on", actor=actor)
    elif what == "withdraw":
        rights.withdraw(found, actor=actor)
    elif what == "go-on":
        rights.approve(found, actor=actor)
    else:
        raise Missing("There is no such button.", do="Use those of the page.")
