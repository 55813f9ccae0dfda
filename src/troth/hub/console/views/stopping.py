"""Stopping even the mail that is part of the service, for a person who asked for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from troth.core.choices import stopping
from troth.core.choices.objecting import objection_clause
from troth.core.notices.versions import current
from troth.hub.console.forms import StopForm
from troth.hub.console.pages import page
from troth.hub.console.queries import people as queries
from troth.hub.console.views.people import around
from troth.hub.console.wording import short


@require_http_methods(["GET", "HEAD", "POST"])
def stop_mail(request: Any, ref: str) -> HttpResponse:
    """What they would no longer get, and the button; the other way round where it is stopped."""
    person = queries.person(ref).root
    form = StopForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        again = request.POST.get("do") == "resume"
        act = stopping.resume if again else stopping.stop
        act(person, actor=request.actor, way=form.cleaned_data["way"])
        said = "They get mail of the service again." if again else "Such mail is stopped for them."
        messages.success(request, f"{said} It is on the ledger.")
        return redirect("console:person", ref=person.ref)
    context = {
        "person": person,
        "short": short(person.ref),
        "kinds": stopping.standing(person),
        "stopped": any(one.stopped for one in stopping.standing(person)),
        "clause": objection_clause(current().rules),
        "form": form,
    }
    return page(
        request, "people/stopping.html", around(request) | context, 422 if form.errors else 200
    )
