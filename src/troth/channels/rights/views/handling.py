"""What the staff does with requests: enter, let go on, ask, extend, refuse, settle, answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from troth.channels.rights import wording
from troth.channels.rights.finding import person_at, person_with
from troth.channels.rights.forms import EntryForm
from troth.channels.rights.offered import offered
from troth.channels.rights.receiving import enter as enter_request, prove, tell
from troth.channels.rights.views.queue import around
from troth.core.errors import Invalid
from troth.core.rights import api as rights
from troth.core.rights.api import Request


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: Any) -> HttpResponse:
    """A request by phone or post. What was known of somebody is not shown by entering one."""
    form = EntryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = _enter(request, form)
        messages.success(request, "The request is entered, and its clock runs from its receipt.")
        return redirect("requests:request", ref=found.ref)
    context = around(request) | {"form": form, "offered": offered()}
    return render(request, "requests/enter.html", context, status=422 if form.is_bound else 200)


def _enter(request: Any, form: EntryForm) -> Request:
    given = form.cleaned_data
    address = given["email"]
    return enter_request(
        given["kind"],
        actor=request.actor,
        way=given["way"],
        person=person_at(address, actor=request.actor) if address else None,
        content=form.content(),
        how=given["how"],
        received_at=form.received_at(),
    )


@require_POST
def do(request: Any, ref: str) -> HttpResponse:
    """One step with a request. Its buttons name it."""
    found = rights.by_ref(ref)
    what = request.POST.get("do", "")
    if what not in DOING:
        raise Invalid("There is no such button.", do="Use those of the page.")
    messages.success(request, DOING[what](request, found))
    return redirect("requests:request", ref=ref)


def _go_on(request: Any, found: Request) -> str:
    rights.approve(found, actor=request.actor)
    return "It goes on. The steps are done one after the other."


def _prove(request: Any, found: Request) -> str:
    how = _picked(request, {key: wording.PROOFS[key] for key in wording.BY_STAFF})
    content = rights.read_content(found, actor=request.actor)
    person = found.person
    if person is None and content.reply_to:
        person = person_at(content.reply_to, actor=request.actor)
    elif person is None and how == "call" and (number := content.evidence.get("phone_number")):
        # Of a number alone, and only where it was called: the answer would go elsewhere.
        person = person_with(number, actor=request.actor)
    prove(found, actor=request.actor, how=how, person=person)
    return "It is noted how their identity was shown. The clock runs."


def _wait(request: Any, found: Request) -> str:
    rights.wait_for(found, actor=request.actor, reason=_picked(request, wording.WAITS))
    tell(found, "waiting")
    return "The clock stands until the person has answered."


def _resume(request: Any, found: Request) -> str:
    rights.resume(found, actor=request.actor)
    return "The clock runs on."


def _extend(request: Any, found: Request) -> str:
    rights.extend(found, actor=request.actor, reason=_picked(request, wording.EXTENSIONS))
    tell(found, "extended")
    return "The time is extended. The person is told why."


def _refuse(request: Any, found: Request) -> str:
    rights.refuse(found, actor=request.actor, reason=_picked(request, wording.REFUSALS))
    return "It is refused. The person is told why, and where to complain."


def _settle(request: Any, found: Request) -> str:
    rights.settle(found, actor=request.actor, outcome=_picked(request, wording.OUTCOMES))
    return "The case is closed."


def _answered(request: Any, found: Request) -> str:
    request.actor.needs("rights.handle")
    rights.answered(found)
    return "It is noted that the person was answered."


def _recipient(request: Any, found: Request) -> str:
    """A recipient without an address was told by hand, or gave its answer by phone or letter."""
    telling = rights.telling_by_ref(request.POST.get("telling", ""))
    if telling.request_id != found.pk:
        raise Invalid("This recipient belongs to another request.")
    answer = request.POST.get("answer", "")
    if answer == "told":
        rights.told(telling, actor=request.actor)
        return "It is noted that the recipient was told."
    rights.was_answered(telling, actor=request.actor, done=answer == "done")
    return "The recipient's answer is noted."


def _picked(request: Any, words: Mapping[str, str]) -> str:
    reason = str(request.POST.get("reason", ""))
    if reason not in words:
        raise Invalid("Pick a reason.", do="The person reads it in these words.")
    return reason


DOING: Final[Mapping[str, Callable[[Any, Request], str]]] = {
    "go-on": _go_on,
    "prove": _prove,
    "wait": _wait,
    "resume": _resume,
    "extend": _extend,
    "refuse": _refuse,
    "settle": _settle,
    "answered": _answered,
    "recipient": _recipient,
}
