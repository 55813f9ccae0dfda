"""Reporting what is harmful, and the author's objection."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from troth.channels.cases import authors, wording
from troth.channels.cases.forms import ReasonForm
from troth.core.actors import Actor
from troth.core.cases import moderating
from troth.core.cases.api import Case, Concern
from troth.kit import links

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
def report(request: Any, about: str) -> HttpResponse:
    """A member of the staff reports what somebody wrote."""
    found, key = moderating.target(about)
    back = found.place(key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        moderating.report(about, actor=request.actor, words=form.cleaned_data["words"])
        messages.success(request, "It is reported. Somebody who sees to cases looks at it.")
        return redirect(back)
    context = {"form": form, "back": back, "clauses": moderating.grounds(about)}
    return render(request, "casework/report.html", context, status=422 if form.is_bound else 200)


@csrf_exempt  # the address is the credential: there is nothing another site could misuse
@never_cache
@require_http_methods(METHODS)
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Behind the link in the mail: the author says why they think otherwise."""
    ref = links.read(token, authors.LINK, authors.LIFE)
    concern = Concern.objects.filter(ref=ref).select_related("case", "person__root").first()
    if concern is None or concern.case.kind != Case.Kind.MODERATION:
        raise links.LinkInvalid
    person = concern.person.root
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = Actor("person", person.ref, person_id=person.pk)
        moderating.answer(concern, actor=actor, words=form.cleaned_data["words"])
        return redirect(request.path)
    context = {
        "form": form,
        "case": concern.case,
        "ground": wording.ground(concern.case.ground),
        "objected": concern.objected_at,
    }
    status = 422 if form.is_bound else 200
    response = render(request, "casework/answer.html", context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
