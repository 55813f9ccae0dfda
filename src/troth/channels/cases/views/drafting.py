"""Opening a case: under which clause, then what the clause asks for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.cases.forms import CaseForm
from troth.channels.cases.views.queue import around
from troth.core.cases import api as cases
from troth.core.cases.api import CaseInvalid
from troth.core.people.models import Person


@never_cache
@require_safe
def choose(request: Any) -> HttpResponse:
    """The clauses that let data go on a ground."""
    context = around(request) | {"clauses": cases.openable()}
    return render(request, "casework/choose.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any, clause: str) -> HttpResponse:
    found = cases.openable_under(clause)
    sent = request.POST if request.method == "POST" else None
    form = CaseForm(found, sent, actor=request.actor, initial=_named(request))
    problem = ""
    if sent is not None and form.is_valid():
        try:
            case = cases.draft(actor=request.actor, **form.case())
        except CaseInvalid as invalid:
            problem = f"{invalid.what} {invalid.do}"
        else:
            messages.success(request, "The case is there. Add what is missing.")
            return redirect("casework:case", ref=case.ref)
    context = around(request) | {"openable": found, "form": form, "problem": problem}
    return render(request, "casework/new.html", context, status=422 if sent is not None else 200)


def _named(request: Any) -> dict[str, Any]:
    """Somebody whose page led here."""
    ref = str(request.GET.get("person", ""))
    known = bool(ref) and Person.objects.filter(ref=ref).exists()
    return {"people": ref} if known else {}
