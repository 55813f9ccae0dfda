"""“Domains” in the account."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.accounts.api import account_parts
from troth.channels.domains import finding
from troth.channels.domains.clauses import NAME, place
from troth.channels.domains.names import shown
from troth.channels.domains.views.owned import page
from troth.core.gate import uses


@never_cache
@require_safe
def index(request: Any) -> HttpResponse:
    found, person = place(), request.user.person.root
    domains = list(finding.of(person).select_related("name"))
    rows = []
    if domains:
        with uses.use(actor=request.actor, purpose=found.purpose, person=person, data=[NAME]):
            rows = [(one, shown(str(one.name.value))) for one in domains]
    context = {"rows": rows, "parts": account_parts(request)}
    return render(request, "domains/mine.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Any, ref: str) -> HttpResponse:
    place()
    domain = finding.own(request.user.person, ref)
    return page(
        request,
        domain,
        actor=request.actor,
        way="account",
        template="domains/my_domain.html",
        parts=account_parts(request),
    )
