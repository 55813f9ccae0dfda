"""The list of cases, and one of them beside it."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from troth.channels.cases import wording
from troth.channels.cases.forms import DocumentForm, PeopleForm
from troth.core import clock
from troth.core.cases import api as cases, moderating, transferring
from troth.core.cases.api import Case, Concern
from troth.core.cases.entering import APPROVE, OPEN
from troth.core.cases.queries import over
from troth.kit.shell import Link

PAGE: Final = 25
FILTERS: Final = {"open": "Open", "second": "For me", "over": "Past its day", "ended": "Ended"}


def admit(request: Any) -> None:
    """Raise `AbilityDenied` for whoever neither opens nor approves cases."""
    if APPROVE not in request.actor.abilities:
        request.actor.needs(OPEN)


@never_cache
@require_safe
def index(request: Any) -> HttpResponse:
    admit(request)
    return render(request, "casework/queue.html", around(request))


@never_cache
@require_safe
def case(request: Any, ref: str) -> HttpResponse:
    admit(request)
    return render(request, "casework/case.html", context_of(request, cases.by_ref(ref)))


def context_of(request: Any, found: Case, **more: Any) -> dict[str, Any]:
    """The page of one case, with what can be done about it."""
    drafted = found.state == Case.State.DRAFT and found.kind in Case.DISCLOSING
    words = cases.read(found, actor=request.actor)
    labels = {one.key: one.label for one in _writings(found)}
    gives = found.kind in Case.DISCLOSING and found.kind != Case.Kind.TRANSFER
    return {
        **around(request),
        "found": found,
        "line": line(found),
        "gives": gives,
        "words": [(labels.get(key, key.capitalize()), text) for key, text in words.items()],
        "ground": wording.ground(found.ground),
        "recipient": wording.recipient(found.recipient),
        "data": [wording.data(key) for key in found.categories],
        "documents": cases.names(found, actor=request.actor),
        "concerns": found.concerns.select_related("person__root")[:PAGE],
        "people": found.concerns.count(),
        "missing": [cases.WORDS.get(one, one) for one in cases.lacking(found)] if drafted else [],
        "drafted": drafted,
        "may_open": OPEN in request.actor.abilities,
        "may_approve": APPROVE in request.actor.abilities and found.opened_by != request.actor.ref,
        "mine": found.opened_by == request.actor.ref,
        "may_bundle": gives
        and found.state == Case.State.OPEN
        and found.given_at is None
        and (found.ends_at is None or found.ends_at > clock.now()),
        "silent": found.telling == Case.Telling.LATER and found.told_at is None,
        "outcomes": cases.OUTCOMES,
        "document_form": DocumentForm() if drafted else None,
        "people_form": PeopleForm(purpose=found.purpose, actor=request.actor) if drafted else None,
        "events": [
            {"when": one.at, "text": wording.happened(one.what, one.count), "detail": one.words}
            for one in cases.history(found, actor=request.actor)
        ],
        **(_moderation(found) if found.kind == Case.Kind.MODERATION else {}),
        **(_transfer(found) if found.kind == Case.Kind.TRANSFER else {}),
        **more,
    }


def _moderation(found: Case) -> dict[str, Any]:
    """Where it stands that was reported, and on what grounds it may go."""
    return {
        "place": moderating.place(found),
        "decisions": moderating.DONE,
        "moderate_grounds": [
            (key, wording.ground(key), clause)
            for key, clause in moderating.grounds(found.about).items()
        ],
    }


def _transfer(found: Case) -> dict[str, Any]:
    """How far the telling has come, and who was not reached."""
    counted = transferring.counts(found)
    everybody = sum(counted.values())
    told = everybody - counted.get(Concern.State.NAMED, 0)
    listed = found.concerns.filter(state__in=transferring.LISTED).select_related("person__root")
    until = found.objections_until
    return {
        "standing": [
            (label, counted[key]) for key, label in Concern.State.choices if key in counted
        ],
        "all_people": everybody,
        "told_now": told,
        "told_words": f"{told:,} of {everybody:,} are told, or listed as not reached",
        "listed": listed[:PAGE],
        "unlocked": until is not None and until <= clock.now(),
    }


def _writings(found: Case) -> tuple[Any, ...]:
    known = [one for one in cases.openable() if one.clause == found.clause]
    return known[0].writings if known else ()


def line(found: Case) -> dict[str, Any]:
    """One row of the list."""
    clock_word = cases.clock_of(found)
    return {
        "case": found,
        "label": wording.kind(found),
        "url": reverse("casework:case", args=[found.ref]),
        "sign": wording.sign(found),
        "clock": wording.CLOCKS.get(clock_word),
        "to": wording.recipient(found.recipient) if found.recipient else "",
    }


def around(request: Any) -> dict[str, Any]:
    """The list that stands beside every page of cases."""
    key = request.GET.get("state", "open")
    key = key if key in FILTERS else "open"
    page = Paginator(_filtered(request, key), PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "lines": [line(one) for one in page],
        "filter": key,
        "filters": [
            Link(label, f"?state={name}", current=name == key) for name, label in FILTERS.items()
        ],
        "may_open": OPEN in request.actor.abilities,
        "for_me": cases.waiting_for(request.actor).count(),
    }


def _filtered(request: Any, key: str) -> QuerySet[Case]:
    if key == "second":
        return cases.waiting_for(request.actor)
    if key == "over":
        return over()
    if key == "ended":
        return cases.cases().filter(state__in=Case.ENDED)
    return cases.still_open()
