"""The clients of a host or a reseller: as numbers, and as rows only where a client lets them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from troth.core.clients import api as clients_api
from troth.hub.console.pages import page
from troth.hub.console.wording import short


@require_safe
def clients(request: Any) -> HttpResponse:
    """Which clients there are, and whether they are open."""
    found = clients_api.clients_of(request.organisation)
    return page(request, "settings/clients.html", {"clients": found})


@require_safe
def client(request: Any, slug: str) -> HttpResponse:
    """How many people a client has, and how long its lists are."""
    found = clients_api.client(request.organisation, slug)
    context = {
        "client": found,
        "counts": clients_api.counts(found, actor=request.actor),
        "grant": clients_api.grant_of(found),
    }
    return page(request, "settings/client.html", context)


@require_safe
def people(request: Any, slug: str) -> HttpResponse:
    """People of a client, under its grant. Without one the attempt is on both ledgers."""
    found = clients_api.client(request.organisation, slug)
    grant, rows = clients_api.people(found, request.organisation, actor=request.actor)
    listed = [(short(row.ref), row.values) for row in rows]
    context = {"client": found, "grant": grant, "rows": listed}
    return page(request, "settings/client_people.html", context)
