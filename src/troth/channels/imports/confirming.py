"""The page behind the link of the mail that asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth.channels.imports import asking, queries
from troth.core.actors import Actor
from troth.kit import links

LIFE: Final = timedelta(days=14)


@csrf_exempt  # the address is the credential, and it is not in a cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Say the yes. Looking changes nothing: link scanners look too."""
    found = queries.asked(links.read(token, "imports.confirm", LIFE))
    person = found.person.root
    if request.method == "POST":
        asking.confirm(found, actor=Actor("person", person.ref, person_id=person.pk))
    context = {
        "asked": found,
        "wishes": queries.wished(found),
        "done": request.method == "POST",
        "preferences": links.sign("preferences", person.ref),
    }
    answer = render(request, "imports/confirm.html", context)
    answer["Referrer-Policy"] = "no-referrer"
    return answer
