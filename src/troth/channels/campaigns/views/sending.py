"""Sending: a test, the question before it leaves, and every step after."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from troth.channels.campaigns import actions, choosing, copying, forms, previewing, queries, trying
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.views.showing import about, counted
from troth.core.errors import Denied, Invalid
from troth.kit.mail import Outcome

Step = Callable[..., Campaign]
STEPS: Final[dict[str, tuple[Step, str]]] = {
    "pause": (actions.pause, "Paused. What is with the mail server already may still arrive."),
    "resume": (actions.resume, "It goes on."),
    "cancel": (actions.cancel, "Cancelled. No further copy leaves."),
    "revise": (actions.revise, "It is a draft again."),
    "duplicate": (copying.duplicate, "A new draft with the same words."),
}


@never_cache
@previewing.framing
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: Any, ref: str) -> HttpResponse:
    """To how many it goes, who is left out, and when; by POST it is handed in."""
    context = about(request, ref, "send") | {"sending": True}
    found = context["campaign"]
    if found.state != Campaign.State.DRAFT:
        return redirect("campaigns:campaign", ref=ref)
    form = forms.SendForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            handed = actions.submit(found, actor=request.actor, at=form.cleaned_data["at"])
        except (Denied, Invalid) as refused:
            context["refusal"] = refused
        else:
            messages.success(request, _handed(handed, later=form.cleaned_data["at"] is not None))
            return redirect("campaigns:campaign", ref=ref)
    context |= {"form": form, **counted(found)}
    return render(request, "campaigns/send.html", context, status=422 if form.is_bound else 200)


@never_cache
@previewing.framing
@require_POST
def test(request: Any, ref: str) -> HttpResponse:
    """Send a test; what goes wrong is said beside what was typed."""
    context = about(request, ref)
    found, form = context["campaign"], forms.TestForm(request.POST)
    if form.is_valid():
        try:
            outcomes = trying.send_test_to(found, _address(request, form), actor=request.actor)
        except (Denied, Invalid) as refused:
            context["refusal"] = refused
        else:
            _tell(request, outcomes)
            return redirect("campaigns:campaign", ref=ref)
    context |= {"test": form, "look": previewing.of(found)}
    return render(request, "campaigns/letter.html", context, status=422)


@require_POST
def step(request: Any, ref: str) -> HttpResponse:
    """Pause, resume, cancel, take back, copy, or throw away."""
    found, what = queries.by_ref(ref), request.POST.get("step", "")
    if what == "remove":
        actions.remove(found, actor=request.actor)
        messages.success(request, "Thrown away.")
        return redirect("campaigns:index")
    if what in ("subject-a", "subject-b"):
        choosing.choose_by_hand(found, what[-1], actor=request.actor)
        messages.success(request, f"The others get subject {what[-1].upper()}.")
        return redirect("campaigns:report", ref=ref)
    if what not in STEPS:
        raise Invalid("There is no such step.", do="Use a button of the campaign's page.")
    act, said = STEPS[what]
    after = act(found, actor=request.actor)
    messages.success(request, said)
    return redirect("campaigns:campaign", ref=after.ref)


def _handed(campaign: Campaign, *, later: bool) -> str:
    if campaign.state == Campaign.State.WAITING:
        return "Handed in. It leaves when somebody has read and approved it."
    return "Scheduled." if later else "It leaves within moments."


def _address(request: Any, form: forms.TestForm) -> str:
    if form.cleaned_data["to"] == "other":
        return str(form.cleaned_data["address"])
    own = trying.own_address(request.user.person)
    if not own:
        raise Invalid("No address of yours is held.", do="Type the address the test goes to.")
    return own


def _tell(request: Any, outcomes: list[Outcome]) -> None:
    bad = next((one for one in outcomes if one.state != "accepted"), None)
    if bad is None:
        messages.success(request, "The test was accepted by the mail server.")
    else:
        said = " ".join(filter(None, (str(bad.code or ""), bad.words)))
        messages.error(request, f"The test was not taken: {said}")
