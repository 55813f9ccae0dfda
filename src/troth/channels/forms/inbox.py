"""The inbox of the console: what was sent, sealed until a purpose is picked."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from troth.channels.forms import actions, queries
from troth.channels.forms.models import Submission
from troth.core.gate import uses
from troth.core.gate.denials import UseDenied
from troth.core.gate.why import why
from troth.kit.refusals import Refusal
from troth.kit.shell import Link

PAGE = 30


def _list(request: Any) -> dict[str, Any]:
    state = request.GET.get("state", "open")
    state = state if state in Submission.State.values else "all"
    pages = Paginator(queries.inbox(state), PAGE)
    page = pages.get_page(request.GET.get("page"))
    for row in page:
        row.title = queries.title(row)
    tabs = [
        Link(word, f"?state={key}", current=state == key)
        for key, word in (("open", "Open"), ("done", "Done"), ("all", "All"))
    ]
    return {"page": page, "state": state, "tabs": tabs}


@never_cache
@require_GET
def index(request: Any) -> HttpResponse:
    return render(request, "forms/inbox.html", _list(request))


@never_cache
@require_GET
def submission(request: Any, ref: str) -> HttpResponse:
    found = queries.by_ref(ref)
    found.title = queries.title(found)
    context = _list(request) | {
        "submission": found,
        "purposes": queries.purposes(found),
        "appointment": getattr(found, "appointment", None),
        "case": getattr(found, "case", None),
        **_values(request, found),
    }
    return render(request, "forms/inbox.html", context)


def _values(request: Any, found: Submission) -> dict[str, Any]:
    """What was written, for the purpose picked; each opening is on the ledger."""
    elements = queries.elements(found)
    labels = queries.labels(found)
    shown: list[dict[str, Any]] = [
        {"element": element, "value": None, "label": labels.get(element.name, element.name)}
        for element in elements
    ]
    if request.purpose is None:
        return {"elements": shown}
    try:
        with uses.use(actor=request.actor, purpose=request.purpose.key, person=found.person):
            for row, element in zip(shown, elements, strict=True):
                row["value"] = element.value if isinstance(element.value, str) else None
    except UseDenied as denied:
        return {"elements": shown, "denied": _said(denied.why, denied.clause)}
    if elements and all(row["value"] is None for row in shown):
        answer = why(
            purpose=request.purpose.key, category=elements[0].category, person=found.person
        )
        return {"elements": shown, "denied": _said(answer.sentence, answer.clause)}
    return {"elements": shown}


def _said(because: str, clause: str) -> Refusal:
    return Refusal(
        title="This purpose opens nothing here",
        happened="The values stay sealed.",
        why=because,
        todo="Pick one of the purposes below.",
        clause=clause,
    )


@require_POST
def mark(request: Any, ref: str) -> HttpResponse:
    found = queries.by_ref(ref)
    state = "done" if request.POST.get("state") == "done" else "open"
    actions.mark(found, actor=request.actor, state=state)
    return redirect("forms:submission", ref=ref)
