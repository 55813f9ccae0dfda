"""A client's side: its contract, and what it lets its provider see."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from troth.core import clock
from troth.core.clients import api as clients
from troth.core.errors import Missing
from troth.core.notices.versions import current
from troth.hub.console.forms import ProviderGrantForm
from troth.hub.console.pages import page


def _form(request: Any) -> ProviderGrantForm:
    declared = current().rules.purposes
    return ProviderGrantForm(
        request.POST if request.method == "POST" else None,
        purposes=[(k, one.label) for k, one in declared.items() if one.basis != "prohibited"],
        grounds=list(clients.grounds().items()),
    )


def _page(request: Any, form: ProviderGrantForm, status: int = 200) -> HttpResponse:
    if request.organisation.provider_id is None:
        raise Missing("This organisation is nobody's client.", do="Nothing is to be done here.")
    context = {
        "provider": request.organisation.provider,
        "contract": clients.newest(request.organisation),
        "waits": clients.to_accept(request.organisation),
        "accepted": clients.accepted(),
        "grants": clients.ClientGrant.objects.all()[:50],
        "now": clock.now(),
        "form": form,
    }
    return page(request, "settings/provider.html", context, status)


@require_safe
def provider(request: Any) -> HttpResponse:
    """The contract, and the grants there were."""
    return _page(request, _form(request))


@require_POST
def accept(request: Any) -> HttpResponse:
    """Accept the version that was shown."""
    number = request.POST.get("number", "")
    if request.POST.get("accept") != "on" or not number.isdecimal():
        messages.error(request, "Tick the box to accept the contract.")
    else:
        clients.accept(int(number[:9]), actor=request.actor)
        messages.success(request, "The contract is accepted, and it is on your ledger.")
    return redirect("console:provider")


@require_POST
def grant(request: Any) -> HttpResponse:
    """Let the provider see people for a while."""
    form = _form(request)
    if not form.is_valid():
        return _page(request, form, 422)
    given = form.cleaned_data
    clients.give_grant(
        actor=request.actor,
        purpose=given["purpose"],
        ground=given["ground"],
        hours=int(given["hours"]),
    )
    messages.success(request, "The grant is given. It ends by itself.")
    return redirect("console:provider")


@require_POST
def end(request: Any) -> HttpResponse:
    """Take a grant back."""
    clients.end_grant(request.POST.get("grant", ""), actor=request.actor)
    messages.success(request, "The grant is ended. Nothing opens under it any more.")
    return redirect("console:provider")
