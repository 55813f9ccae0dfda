"""The first page, and the page about cookies."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from troth.channels.campaigns.api import archived
from troth.core.notices.versions import current
from troth.hub.public import published
from troth.hub.public.cards import cards
from troth.hub.public.declared import declared
from troth.hub.public.facts import facts


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the company does, its forms, and its policy in a few facts."""
    found = current()
    context = {
        "company": found.policy.company,
        "cards": cards(found.rules),
        "facts": facts(found.rules),
        "notice": published.notice(),
        "letters": archived().exists(),
    }
    return render(request, "public/home.html", context)


@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    """Every cookie the policy declares: what for, how long, and whether it waits for a yes."""
    found = current()
    context = {"groups": declared(found.policy)}
    return render(request, "public/cookies.html", context)
