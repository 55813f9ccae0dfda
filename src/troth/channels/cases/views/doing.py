"""What the staff does with a case: name people, show it, approve, refuse, note, take, close."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from troth.channels.cases import telling
from troth.channels.cases.forms import PeopleForm
from troth.channels.cases.views.queue import admit, context_of
from troth.core.cases import api as cases, moderating, transferring
from troth.core.cases.api import Case, CaseInvalid
from troth.core.errors import Invalid


@require_POST
def people(request: Any, ref: str) -> HttpResponse:
    """Name more people in a draft."""
    found = cases.by_ref(ref)
    form = PeopleForm(request.POST, purpose=found.purpose, actor=request.actor)
    if not form.is_valid():
        context = context_of(request, found, people_form=form)
        return render(request, "casework/case.html", context, status=422)
    cases.add_people(found, form.named, actor=request.actor)
    return redirect("casework:case", ref=ref)


@require_POST
def do(request: Any, ref: str) -> HttpResponse:
    """One step with a case. Its buttons name it."""
    admit(request)
    found = cases.by_ref(ref)
    what = request.POST.get("do", "")
    if what not in DOING:
        raise Invalid("There is no such button.", do="Use those of the page.")
    try:
        said = DOING[what](request, found)
    except CaseInvalid as invalid:
        context = context_of(request, cases.by_ref(ref), problem=invalid, typed=request.POST)
        return render(request, "casework/case.html", context, status=invalid.status)
    messages.success(request, said)
    return redirect("casework:case", ref=ref)


def _words(request: Any) -> str:
    return str(request.POST.get("words", ""))[:5000]


def _submit(request: Any, found: Case) -> str:
    cases.submit(found, actor=request.actor)
    return "A second person has to look at it now. It waits on their page."


def _approve(request: Any, found: Case) -> str:
    cases.approve(found, actor=request.actor)
    return "It is approved, and opens what it covers until its day."


def _refuse(request: Any, found: Case) -> str:
    cases.refuse(found, actor=request.actor, words=_words(request))
    return "It is refused. Nothing opens under it."


def _note(request: Any, found: Case) -> str:
    cases.note(found, actor=request.actor, words=_words(request))
    return "It is noted."


def _take(request: Any, found: Case) -> str:
    cases.take(found, actor=request.actor)
    return "You see to it now."


def _close(request: Any, found: Case) -> str:
    outcome = str(request.POST.get("outcome", ""))
    cases.close(found, actor=request.actor, outcome=outcome, words=_words(request))
    return "The case is closed. It opens nothing any more."


def _tell(request: Any, found: Case) -> str:
    telling.begin(found, actor=request.actor)
    return "The mails are on their way. Who is not reached is listed here."


def _told_otherwise(request: Any, found: Case) -> str:
    concern = found.concerns.filter(ref=str(request.POST.get("concern", ""))).first()
    if concern is None:
        raise CaseInvalid("Nobody like that is in this case.")
    transferring.told(concern, actor=request.actor, way="post")
    return "It is noted. Their time to object runs from now."


def _moderate(request: Any, found: Case) -> str:
    done, ground = (str(request.POST.get(key, "")) for key in ("done", "ground"))
    moderating.decide(found, actor=request.actor, done=done, ground=ground, words=_words(request))
    return "It is decided. The author is told, if anything changed for them."


DOING: Final[Mapping[str, Callable[[Any, Case], str]]] = {
    "submit": _submit,
    "approve": _approve,
    "refuse": _refuse,
    "note": _note,
    "take": _take,
    "close": _close,
    "moderate": _moderate,
    "tell": _tell,
    "told-otherwise": _told_otherwise,
}
