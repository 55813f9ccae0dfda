"""A domain for its owner, by link or in the account: what is shown, and who looks after it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from troth.channels.domains import contacts, finding, mails, publishing
from troth.channels.domains.clauses import place
from troth.channels.domains.models import Domain, Move
from troth.channels.domains.views.pieces import ContactForm, unlisted
from troth.core.actors import Actor
from troth.core.people.models import Element
from troth.core.rights import api as rights
from troth.kit import links
from troth.kit.throttle.counting import throttle

METHODS = ["GET", "HEAD", "POST"]
ASKS_A_DAY = 10  # of one domain: each sends its owner a mail


@unlisted
@require_http_methods(METHODS)
def by_link(request: Any, token: str) -> HttpResponse:
    """The owner's page, from a mail."""
    domain = finding.by_ref(links.read(token, mails.OWN, mails.OWN_LIFE))
    owner = domain.person.root
    actor = Actor("person", owner.ref, person_id=owner.pk)
    return page(request, domain, actor=actor, way="link", template="domains/own.html")


def page(request: Any, domain: Domain, *, actor: Actor, way: str, **more: Any) -> HttpResponse:
    """The page of one domain for its owner, and what comes of its buttons."""
    found, did = place(), request.POST.get("do", "")
    form = ContactForm(request.POST if did == "contact" else None)
    if did == "show":
        publishing.show(domain, request.POST.getlist("shown"), actor=actor, way=way)
        return redirect(f"{request.path}?saved=shown")
    if did == "contact" and form.is_valid():
        throttle("domains.contact", domain.ref, limit=ASKS_A_DAY, seconds=86_400)
        contacts.ask(domain, form.cleaned_data["contact"], actor=actor, way=way)
        return redirect(f"{request.path}?saved=asked")
    context = {
        "domain": domain,
        "name": mails.name_of(domain, actor),
        "place": found,
        "showable": [(one, one.field.key in domain.shown) for one in found.showable],
        "form": form if found.technical else None,
        "right": _right(),
        "pending": domain.moves.filter(done_at=None, confirmed_at=None).first(),
        "saved": request.GET.get("saved", ""),
        "way": way,
    }
    template = more.pop("template")
    return render(request, template, context | more, status=422 if form.is_bound else 200)


def _right() -> Any:
    """The clause that promises another technical contact, which is about contact data."""
    found = [one for one in place().rules.policy.rights if one.kind == "correction"]
    return next((one for one in found if one.data), found[0] if found else None)


@unlisted
@require_http_methods(METHODS)
def move(request: Any, token: str) -> HttpResponse:
    """The owner confirms another technical contact. Looking changes nothing."""
    ref = links.read(token, mails.MOVE, mails.MOVE_LIFE)
    found = Move.objects.select_related("domain__person__root", "domain__name").filter(ref=ref)
    asked = found.first()
    if asked is None:
        raise links.LinkInvalid
    owner = asked.domain.person.root
    actor = Actor("person", owner.ref, person_id=owner.pk)
    if request.method == "POST":
        contacts.confirm(asked)
        return redirect(request.path)
    wanted = rights.Request.objects.filter(pk=asked.request).first()
    content = rights.read_content(wanted, actor=Actor.system("domains")) if wanted else None
    context = {
        "name": mails.name_of(asked.domain, actor),
        "address": next(iter(content.changes.values()), "") if content else "",
        "confirmed": asked.confirmed_at is not None,
        "over": wanted is None or (wanted.ended and asked.confirmed_at is None),
        "right": _right(),
        "own": mails.own_path(asked.domain),
    }
    return render(request, "domains/move.html", context)


@unlisted
@require_http_methods(METHODS)
def contact(request: Any, token: str) -> HttpResponse:
    """Who was named as technical contact does not want to be it."""
    ref, _, element = links.read(token, mails.CONTACT, mails.CONTACT_LIFE).partition(".")
    held = Element.objects.select_related("person__root").filter(pk=UUID(element)).first()
    if request.method == "POST" and held is not None:
        person = held.person.root
        actor = Actor("person", person.ref, person_id=person.pk)
        contacts.resign(finding.by_ref(ref), held, actor=actor)
        held = None
    return render(request, "domains/contact.html", {"gone": held is None})
