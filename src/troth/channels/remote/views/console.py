"""The agent's pages: beginning, watching, and the note."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from troth.channels.accounts.api import sign_in_of
from troth.channels.conversations.api import matter_of
from troth.channels.remote import codes, ice, offering, queries
from troth.channels.remote.clauses import place
from troth.channels.remote.ending import end as end_session, write_note
from troth.channels.remote.forms import NoteForm, OfferForm
from troth.channels.remote.live import tickets
from troth.channels.remote.models import Session
from troth.channels.remote.wording import SIGNS, agent, length, minutes
from troth.core.errors import Invalid, Refusal
from troth.kit.live import address

UNPROCESSABLE = 422


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Any) -> HttpResponse:
    """Sessions that were, and the beginning of one. The code is on the page that is answered with,
    and nowhere else.
    """
    here, refusal = place(), None
    about = str(request.GET.get("conversation", ""))
    form = OfferForm(
        request.POST if request.method == "POST" else None, here=here, conversation=about
    )
    if form.is_bound and form.is_valid():
        try:
            made, code = offering.offer(actor=request.actor, **form.cleaned_data)
        except Refusal as refused:
            refusal = refused
        else:
            return _shown(request, made, code=codes.spoken(code))
    context = {
        "form": form,
        "here": here,
        "refusal": refusal,
        "matter": matter_of(about, actor=request.actor) if about else None,
        "sessions": [
            (one, agent(one), length(one), SIGNS[Session.State(one.state)])
            for one in queries.listed()
        ],
        "served": bool(address.of(request)),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "remote/list.html", context, status=status)


@never_cache
@require_safe
def one(request: Any, ref: str) -> HttpResponse:
    return _shown(request, queries.own(ref, actor=request.actor))


def _shown(
    request: Any,
    found: Session,
    *,
    code: str = "",
    form: NoteForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    here = place()
    context = {
        "session": found,
        "here": here,
        "code": code,
        "form": form or NoteForm(),
        "refusal": refusal,
        "longest": minutes(found.seconds),
        "length": length(found),
        "ground": here.grounds.get(found.ground, found.ground),
        "live": address.of(request),
        "ice": ice.servers(found),
        "sign": SIGNS[Session.State(found.state)],
    }
    status = UNPROCESSABLE if form or refusal else 200
    answer = render(request, "remote/one.html", context, status=status)
    # The page shows a screen and can take no picture of any.
    answer["Permissions-Policy"] = "display-capture=()"
    return answer


@never_cache
@require_GET
def ticket(request: Any, ref: str) -> HttpResponse:
    """A ticket for the live process, for the agent's own page of their own session."""
    found = queries.own(ref, actor=request.actor)
    origin = f"{request.scheme}://{request.get_host()}"
    made = tickets.issue(found, request.member, origin, sign_in_of(request))
    return JsonResponse({"ticket": made})


@require_POST
def end(request: Any, ref: str) -> HttpResponse:
    found = queries.own(ref, actor=request.actor)
    end_session(found, by=Session.Ending.AGENT, actor=request.actor)
    return redirect("remote:one", ref)


@require_POST
def note(request: Any, ref: str) -> HttpResponse:
    """Write down what was done; a session that still runs ends with it."""
    found, form = queries.own(ref, actor=request.actor), NoteForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form=form)
    if found.granted_at is not None:
        end_session(found, by=Session.Ending.AGENT, actor=request.actor)
    try:
        write_note(found, actor=request.actor, text=form.cleaned_data["text"])
    except Invalid as invalid:
        return _shown(request, found, form=form, refusal=invalid)
    messages.success(request, "Written down.")
    return redirect("remote:list")
