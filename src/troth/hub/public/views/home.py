"""The first page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from troth.channels.campaigns.api import archived
from troth.channels.community.api import pages
from troth.channels.cookies.api import embeds, let_in
from troth.core.notices.versions import current
from troth.hub.public import published
from troth.hub.public.cards import cards
from troth.hub.public.facts import facts
from troth.hub.public.greeting import greeting


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the company does, its forms, and its policy in a few facts."""
    found = current()
    shown = embeds(request)
    context = {
        "embeds": shown,
        "greeting": greeting(request, found),
        "version": found.version,
        "company": found.policy.company,
        "cards": cards(found.rules),
        "facts": facts(found.rules),
        "notice": published.notice(),
        "letters": archived().exists(),
        "pages": pages(),
    }
    response = render(request, "public/home.html", context)
    let_in(response, shown)
    if context["greeting"]:
        response["Cache-Control"] = "private, no-store"
    return response
