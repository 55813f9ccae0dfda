"""People: the list, finding one, and the person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.accounts.api import is_staff
from troth.core.choices import stopping
from troth.core.choices.switches import solicitation_refused, switches
from troth.core.errors import Invalid
from troth.core.notices.versions import current
from troth.hub.console import purposes
from troth.hub.console.pages import asked_page, page
from troth.hub.console.queries import people as queries, person as one
from troth.hub.console.wording import Wording, category, short


def around(request: HttpRequest) -> dict[str, Any]:
    """The list beside whatever the right pane shows."""
    state = request.GET.get("state", "")
    state = state if state in queries.STATES else ""
    found = queries.recent(asked_page(request), state)
    kept = request.GET.copy()
    return {"people": found, "state": state, "kept": f"?{kept.urlencode()}" if kept else ""}


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Recent people without values, beside the way to find one."""
    return page(request, "people/list.html", around(request))


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: Any) -> HttpResponse:
    """Find a person. The identifier comes by POST: addresses end up in histories and logs."""
    context: dict[str, Any] = {"asked": request.POST.get("q", ""), "show_detail": True}
    if request.method != "POST":
        return page(request, "people/find.html", around(request) | context)
    if request.POST.get("purpose"):
        purposes.pick(request, request.POST["purpose"])
    purpose = purposes.picked(request)
    if purpose is None:
        context["purpose_missing"] = True
        return page(request, "people/find.html", around(request) | context, status=400)
    try:
        looked_in, found = queries.find(context["asked"], actor=request.actor, purpose=purpose.key)
    except queries.SearchInvalid as invalid:
        context["error"] = invalid
        return page(request, "people/find.html", around(request) | context, status=400)
    if len(found) == 1:
        return redirect("console:person", ref=found[0].ref)
    context |= {
        "looked_in": category(looked_in),
        "searched": True,
        "found": queries.listed(found),
    }
    return page(request, "people/find.html", around(request) | context)


@require_safe
def person(request: Any, ref: str) -> HttpResponse:
    """One person: values sealed until a purpose is picked, and then as far as it reaches."""
    found = queries.person(ref)
    if found.root_id != found.pk:
        return redirect("console:person", ref=found.root.ref)
    words = Wording(me=request.member.ref, subject=found.ref)
    purpose = purposes.picked(request)
    held = one.held(found, words, actor=request.actor, purpose=purpose)
    told, older = one.history(found, words)
    return page(
        request,
        "people/person.html",
        around(request)
        | {
            "person": found,
            "short": short(found.ref),
            "held": held,
            "purpose": purpose,
            "switches": switches(found),
            "stopping": stopping.standing(found),
            "muted": solicitation_refused(found),
            "joined": one.family(found),
            "ages": current().policy.ages,
            "joinable": not is_staff([found.pk]),
            "told": told,
            "older": older,
        },
    )


@require_safe
def why(request: Any, ref: str) -> HttpResponse:
    """For one category of one person: which purposes may use it, and which clause decides."""
    found = queries.person(ref)
    key = request.GET.get("data", "")
    held = {
        row.category for row in one.held(found, Wording(), actor=request.actor, purpose=None).rows
    }
    if key not in held:
        raise queries.PersonMissing("Nothing of this kind is held about this person.")
    return page(
        request,
        "people/why.html",
        around(request)
        | {
            "person": found,
            "short": short(found.ref),
            "words": category(key),
            "reasons": one.reasons(found, key),
            "purpose": purposes.picked(request),
        },
    )


@require_safe
def history(request: Any, ref: str) -> HttpResponse:
    """All that the ledger has about a person, by pages."""
    found = queries.person(ref)
    words = Wording(me=request.member.ref, subject=found.ref)
    try:
        before = UUID(request.GET["before"]) if "before" in request.GET else None
    except ValueError:
        raise Invalid("This address is not complete.", do="Go back to the person.") from None
    told, older = one.history(found, words, before=before, limit=50)
    return page(
        request,
        "people/history.html",
        around(request)
        | {"person": found, "short": short(found.ref), "told": told, "older": older},
    )
