"""Retention: what goes next and why, the runs and what came of them, holds, ends to count from."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth.core.retention import api
from troth.core.retention.words import THEN
from troth.hub.console.keeping import ClosingForm, HoldForm, StandingForm
from troth.hub.console.pages import page
from troth.hub.console.queries import people as queries, retention as found
from troth.hub.console.views.people import around
from troth.hub.console.wording import short


@require_safe
def overview(request: Any) -> HttpResponse:
    """What goes next month, by clause; what waits; the latest runs."""
    return page(request, "retention/overview.html", found.overview())


@require_POST
def start(request: Any) -> HttpResponse:
    """Begin a run now. What would be too much waits on its page to be confirmed."""
    run = api.run_now(actor=request.actor)
    if run.state == api.Run.State.DONE:
        messages.success(request, "All that was due is gone. This is the report.")
    return redirect("console:retention-run", ref=run.ref)


@require_http_methods(["GET", "HEAD", "POST"])
def run(request: Any, ref: str) -> HttpResponse:
    """The report of a run; the place to confirm one that stopped."""
    one = found.run(ref)
    if request.method == "POST":
        api.confirm(one, actor=request.actor)
        api.go_on(one, actor=request.actor)
        messages.success(request, "The run was confirmed and is done.")
        return redirect("console:retention-run", ref=ref)
    context = {"run": one, "parts": one.parts.all(), "then": THEN, "limit": api.limit()}
    return page(request, "retention/run.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def holds(request: Any) -> HttpResponse:
    """The holds that last, and a form to set one."""
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        api.set_hold(
            actor=request.actor,
            ground=given["ground"],
            ends_at=datetime.combine(given["ends_on"], time.max, UTC),
            person=queries.person(given["person"]) if given["person"] else None,
            category=given["category"],
            touchpoint=given["touchpoint"],
        )
        messages.success(request, "The hold stands. Nothing that it covers is removed.")
        return redirect("console:holds")
    context = {"form": form, "holds": api.standing().select_related("person")}
    return page(request, "retention/holds.html", context, 422 if form.errors else 200)


@require_POST
def lift(request: Any, ref: str) -> HttpResponse:
    api.lift_hold(api.by_ref(ref), actor=request.actor)
    messages.success(request, "The hold is lifted. What is due goes with the next run.")
    return redirect("console:holds")


@require_http_methods(["GET", "HEAD", "POST"])
def closing(request: Any, ref: str) -> HttpResponse:
    """Note that a person's contract or a purpose ended, so that its period runs."""
    person = queries.person(ref).root
    form = ClosingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        at = datetime.combine(given["on"], time.min, UTC)
        api.close(person, actor=request.actor, what=given["what"], purpose=given["purpose"], at=at)
        messages.success(request, "Noted. The time to keep what belongs to it runs from that day.")
        return redirect("console:person", ref=person.ref)
    context = {"person": person, "short": short(person.ref), "form": form}
    status = 422 if form.errors else 200
    return page(request, "retention/closing.html", around(request) | context, status)


@require_http_methods(["GET", "HEAD", "POST"])
def standing(request: Any, ref: str) -> HttpResponse:
    """Note by hand whether somebody is a prospective, a current or a former client."""
    person = queries.person(ref).root
    form = StandingForm(request.POST or None, initial={"standing": person.standing})
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["standing"]
        if api.stand(person, standing=wanted, actor=request.actor, cause="by-hand"):
            messages.success(request, "Noted, and on the ledger.")
        return redirect("console:person", ref=person.ref)
    context = {"person": person, "short": short(person.ref), "form": form}
    status = 422 if form.errors else 200
    return page(request, "people/standing.html", around(request) | context, status=status)
