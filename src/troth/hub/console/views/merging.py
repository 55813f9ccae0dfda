"""Joining two records of one human, after a look; and taking them apart again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from troth.channels.accounts.api import has_account, is_staff
from troth.core.errors import Denied, Invalid
from troth.core.gate import merging
from troth.core.people.models import Person
from troth.hub.console import purposes
from troth.hub.console.pages import page
from troth.hub.console.queries import people as queries, person as one
from troth.hub.console.views.people import around
from troth.hub.console.wording import Wording, category, short


class StaffRecordDenied(Denied):
    """A record of the staff is joined with none: its owner would read the other as their own."""


def _joinable(*people: Person) -> None:
    if is_staff([person.root_id for person in people]):
        raise StaffRecordDenied(
            "This record belongs to a member of the staff, so it is not joined with another.",
            why="Who logs in with one record sees all that is held of both as their own data, "
            "past every purpose.",
            do="Leave the two apart. If they are one human, have that member taken off the staff "
            "first.",
        )


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: Any, ref: str) -> HttpResponse:
    """Find the other record by an exact identifier."""
    person = queries.person(ref).root
    _joinable(person)
    context: dict[str, Any] = around(request) | {"person": person, "short": short(person.ref)}
    if request.method != "POST":
        return page(request, "people/merge_find.html", context)
    context["asked"] = request.POST.get("q", "")
    if request.POST.get("purpose"):
        purposes.pick(request, request.POST["purpose"])
    purpose = purposes.picked(request)
    if purpose is None:
        return page(
            request, "people/merge_find.html", context | {"purpose_missing": True}, status=400
        )
    try:
        looked_in, found = queries.find(
            context["asked"], actor=request.actor, purpose=purpose.key, restricted=False
        )
    except queries.SearchInvalid as invalid:
        return page(request, "people/merge_find.html", context | {"error": invalid}, status=400)
    others = [other for other in found if other.root_id != person.pk]
    if len(others) == 1:
        return redirect("console:merge", ref=person.ref, other=others[0].ref)
    context |= {
        "searched": True,
        "looked_in": category(looked_in),
        "itself": len(found) > len(others),
        "found": queries.listed(others),
    }
    return page(request, "people/merge_find.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: Any, ref: str, other: str) -> HttpResponse:
    """Look at both records side by side, then join them."""
    person, joins = queries.person(ref).root, queries.person(other).root
    if person.pk == joins.pk:
        messages.info(request, "These two records are joined already.")
        return redirect("console:person", ref=person.ref)
    _joinable(person, joins)
    account = has_account([person.pk, joins.pk])
    missed = request.method == "POST" and account and request.POST.get("confirmed") != "on"
    if request.method == "POST" and not missed:
        merging.merge(joins, into=person, actor=request.actor)
        messages.success(request, "The two records are joined. You can take them apart again here.")
        return redirect("console:person", ref=person.ref)
    words = Wording(me=request.member.ref)
    sides = [
        {
            "person": side,
            "short": short(side.ref),
            "held": one.held(side, words, actor=request.actor, purpose=purposes.picked(request)),
        }
        for side in (person, joins)
    ]
    return page(
        request,
        "people/merge.html",
        around(request)
        | {"person": person, "other": joins, "short": short(person.ref), "sides": sides}
        | {"account": account, "missed": missed},
        400 if missed else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def unmerge(request: Any, ref: str) -> HttpResponse:
    """Take a joined record out again; nothing was copied, so each gets back what it had."""
    person = queries.person(ref)
    root = person.root
    if person.merged_into_id is None:
        raise Invalid("This record was not joined to another.", do="Go back to the person.")
    if request.method == "POST":
        merging.unmerge(person, actor=request.actor)
        messages.success(request, "The records are apart again, each with what it came with.")
        return redirect("console:person", ref=root.ref)
    return page(
        request,
        "people/unmerge.html",
        around(request) | {"person": root, "other": person, "short": short(root.ref)},
    )
