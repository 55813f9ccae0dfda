"""Reporting a child: a look at what will go, a reason, and then all of it goes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from troth.core.gate.children import age_clause, report_child
from troth.core.gate.purging import held
from troth.hub.console.forms import ChildForm
from troth.hub.console.pages import page
from troth.hub.console.queries import people as queries
from troth.hub.console.views.people import around
from troth.hub.console.wording import short


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Any, ref: str) -> HttpResponse:
    person = queries.person(ref).root
    clause = age_clause()
    form = ChildForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        report_child(person, actor=request.actor, ground=form.cleaned_data["ground"])
        messages.success(request, "Everything that was held is destroyed, and on the ledger.")
        return redirect("console:people")
    context = {
        "person": person,
        "short": short(person.ref),
        "parts": held(person),
        "clause": clause,
        "form": form,
    }
    status = 422 if form.errors else 200
    return page(request, "people/child.html", around(request) | context, status)
