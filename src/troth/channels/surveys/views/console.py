"""Surveys for the staff: writing them, opening and closing, what came of them, and the draw."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth.channels.surveys import (
    building,
    clauses,
    drawing,
    inviting,
    putting_off,
    queries,
    results,
)
from troth.channels.surveys.forms import PutOffForm, QuestionForm, SurveyForm
from troth.channels.surveys.models import Survey
from troth.channels.surveys.wording import dress, picture, recipients
from troth.core.errors import Denied, Invalid, Refusal
from troth.kit.cells import safe


@never_cache
@require_safe
def index(request: Any) -> HttpResponse:
    found = [dress(one) for one in queries.listed()]
    return render(request, "surveys/list.html", {"surveys": found, "kinds": Survey.Kind.choices})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any, kind: str) -> HttpResponse:
    """Begin a survey (`kind` is ``survey``) or a contest."""
    return _written(request, None, Survey.Kind(kind))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Any, ref: str) -> HttpResponse:
    found = queries.by_ref(ref)
    return _written(request, found, Survey.Kind(found.kind))


def _written(request: Any, found: Survey | None, kind: Survey.Kind) -> HttpResponse:
    names = ("title", "intro", "asks", "closes_at", "prize", "prizes")
    form = SurveyForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        initial={name: getattr(found, name) for name in names} if found else {},
    )
    refusal: Refusal | None = None
    if form.is_bound and form.is_valid():
        plan = building.Plan(kind=kind, **form.plan())
        try:
            if found is None:
                found = building.make(plan, actor=request.actor)
            else:
                building.change(found, plan, actor=request.actor)
        except (Denied, Invalid) as refused:
            refusal = refused
        else:
            messages.success(request, "Saved.")
            return redirect("surveys:one", found.ref)
    context = {
        "form": form,
        "survey": found,
        "kind": kind,
        "refusal": refusal,
        "touchpoint": clauses.place(kind),
    }
    return render(request, "surveys/write.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Any, ref: str) -> HttpResponse:
    """A survey with its questions; to a draft one more can be added."""
    found = dress(queries.by_ref(ref))
    draft = found.state == Survey.State.DRAFT
    form = QuestionForm(request.POST if request.method == "POST" else None, survey=found)
    refusal: Refusal | None = None
    if form.is_bound and form.is_valid():
        try:
            building.ask(found, building.Asked(**form.asked()), actor=request.actor)
        except (Denied, Invalid) as refused:
            refusal = refused
        else:
            return redirect("surveys:one", found.ref)
    context = {
        "survey": found,
        "questions": found.questions.all(),
        "form": form if draft else None,
        "refusal": refusal,
        "touchpoint": clauses.place(found.kind),
        "invites": inviting.may_invite(found) and "mail.write" in request.actor.abilities,
        "winners": drawing.winners(found),
        "over": building.over(found),
        "later": PutOffForm(initial={"closes_at": found.closes_at}),
    }
    return render(request, "surveys/one.html", context, status=422 if form.is_bound else 200)


@require_POST
def unask(request: Any, ref: str, number: int) -> HttpResponse:
    found = queries.by_ref(ref)
    building.unask(queries.question(found, number), actor=request.actor)
    return redirect("surveys:one", found.ref)


@require_POST
def move(request: Any, ref: str) -> HttpResponse:
    """Open, close, draw, throw away, or begin an invitation: `do` says which."""
    found, act = queries.by_ref(ref), request.POST.get("do", "")
    try:
        return _moved(request, found, act)
    except Invalid as invalid:
        messages.error(request, f"{invalid.what} {invalid.do or invalid.why}".strip())
        return redirect("surveys:one", found.ref)


def _moved(request: Any, found: Survey, act: str) -> HttpResponse:
    if act == "invite":
        return redirect(inviting.invite(found, actor=request.actor))
    if act == "remove":
        building.remove(found, actor=request.actor)
        messages.success(request, "Thrown away.")
        return redirect("surveys:list")
    acts = {"open": building.publish, "close": building.close, "draw": drawing.draw}
    if act not in acts:
        raise Invalid("There is no such thing to do.", do="Choose one of the buttons.")
    acts[act](found, actor=request.actor)
    return redirect("surveys:one", found.ref)


@require_POST
def put_off(request: Any, ref: str) -> HttpResponse:
    """Let a contest end later than its page says; all who entered are told."""
    found, form = queries.by_ref(ref), PutOffForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Say until when.")
        return redirect("surveys:one", found.ref)
    try:
        putting_off.put_off(found, form.cleaned_data["closes_at"], actor=request.actor)
    except Invalid as invalid:
        messages.error(request, f"{invalid.what} {invalid.do or invalid.why}".strip())
    else:
        messages.success(request, "Put off. All who entered are told.")
    return redirect("surveys:one", found.ref)


@never_cache
@require_POST
def shown(request: Any, ref: str) -> HttpResponse:
    """What was answered. It is opened for this page alone, and recorded, so it is asked for."""
    found = dress(queries.by_ref(ref))
    told = results.tallies(found, actor=request.actor)
    pictures = [(one, picture(one)) for one in told]
    context = {"survey": found, "tallies": pictures, "recipients": recipients(found)}
    return render(request, "surveys/results.html", context)


class _Echo:
    def write(self, text: str) -> str:
        return text


@require_POST
def export(request: Any, ref: str) -> StreamingHttpResponse:
    """The answers as CSV: for the staff, or for a recipient the policy names."""
    found = queries.by_ref(ref)
    rows = list(results.table(found, actor=request.actor, to=request.POST.get("to", "")))
    writer = csv.writer(_Echo())
    lines = (writer.writerow([safe(cell) for cell in row]) for row in rows)
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="survey-{found.ref[:8]}.csv"'
    return answer
