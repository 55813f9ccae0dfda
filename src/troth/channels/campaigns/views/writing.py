"""Writing a campaign, with the letter as it will look beside it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from troth.channels.campaigns import actions, forms, previewing, queries
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.purposes import NEWS, NOTICE, purposes
from troth.core.errors import Denied, Invalid, Refusal
from troth.policy.blocks import Purpose

EMPTY = {"format": "markdown", "share_b": None}
FIELDS = ("name", "purpose", "subject", "subject_b", "format", "body", "sender_name", "in_archive")


@never_cache
@previewing.framing
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any) -> HttpResponse:
    return _new(request, NEWS)


@never_cache
@previewing.framing
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: Any) -> HttpResponse:
    """Mail that is part of the service, to everybody it concerns."""
    return _new(request, NOTICE)


def _new(request: Any, kind: str) -> HttpResponse:
    offered = list(_offered(request, kind))  # where there are several, the author has to choose
    form = _form(request, EMPTY | {"purpose": offered[0] if len(offered) == 1 else ""}, kind)
    return _answer(request, form, None, kind)


@never_cache
@previewing.framing
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Any, ref: str) -> HttpResponse:
    found = queries.by_ref(ref)
    if found.state != Campaign.State.DRAFT:
        messages.error(request, "Only a draft can be changed. Take it back first.")
        return redirect("campaigns:campaign", ref=ref)
    initial = {name: getattr(found, name) for name in FIELDS}
    initial["layout"] = found.layout.ref if found.layout else ""
    initial["share_b"] = found.share_b or None
    initial["try_share"] = found.try_share if found.tries else None
    initial["try_hours"] = found.try_hours if found.tries else None
    initial["segment"] = [forms.code(one) for one in found.segment]
    return _answer(request, _form(request, initial, found.kind, found), found, found.kind)


@never_cache
@require_POST
def preview(request: Any) -> HttpResponse:
    """The pane beside the form, as what is typed would look. Nothing is kept."""
    look = previewing.of_writing(request.POST.dict())
    return render(request, "campaigns/preview_answer.html", {"look": look})


def _form(
    request: Any, initial: dict[str, Any], kind: str, found: Campaign | None = None
) -> forms.WritingForm:
    posted = request.POST if request.method == "POST" else None
    kept = found.segment if found else ()
    offered = _offered(request, kind)
    return forms.WritingForm(posted, initial=initial, kept=kept, offered=offered, kind=kind)


def _offered(request: Any, kind: str) -> dict[str, Purpose]:
    """The purposes a campaign can be for, as far as the member's role includes them."""
    mine = request.actor.purposes
    return {key: one for key, one in purposes(kind).items() if mine is None or key in mine}


def _answer(
    request: Any, form: forms.WritingForm, found: Campaign | None, kind: str
) -> HttpResponse:
    refusal: Refusal | None = None
    looking = request.POST.get("do") == "look"
    if form.is_bound and not looking and form.is_valid():
        try:
            saved = _save(request, form, found, kind)
        except (Denied, Invalid) as refused:
            refusal = refused
        else:
            messages.success(request, "Saved.")
            return redirect("campaigns:campaign", ref=saved.ref)
    given = request.POST.dict() if form.is_bound else dict(form.initial)
    given["kind"], known = kind, purposes(kind)
    if looking:  # shows the letter, not what is still missing around it
        form.errors.clear()
    context = {
        "form": form,
        "campaign": found,
        "purposes": [(box, known[box.data["value"]]) for box in form["purpose"].subwidgets],
        "kind": kind,
        "refusal": refusal,
        "look": previewing.of_writing(given),
    }
    wrong = form.is_bound and not looking
    return render(request, "campaigns/write.html", context, status=422 if wrong else 200)


def _save(request: Any, form: forms.WritingForm, found: Campaign | None, kind: str) -> Campaign:
    given, actor = form.cleaned_data, request.actor
    segment = form.conditions()
    if given["value_category"]:
        segment.append(
            actions.equals(
                actor=actor,
                purpose=given["purpose"],
                category=given["value_category"],
                text=given["value_text"],
            )
        )
    writing = actions.Writing(
        **{name: given[name] for name in FIELDS if name in given},
        share_b=given.get("share_b") or 0,
        try_share=given.get("try_share") or 100,
        try_hours=given.get("try_hours") or 4,
        segment=segment,
        kind=kind,
        layout=given.get("layout", ""),
    )
    if found is None:
        return actions.write(writing, actor=actor)
    return actions.change(found, writing, actor=actor)
