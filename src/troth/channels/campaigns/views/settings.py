"""How the organisation sends: its name and key, its limits, and the stop of everything."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from troth.channels.campaigns import actions, delivered, keys, wording
from troth.channels.campaigns.forms import LimitForm, SenderForm, SoftForm
from troth.channels.campaigns.queries import conduct, grounds
from troth.channels.campaigns.sending import pacing
from troth.core.errors import Invalid
from troth.core.notices.versions import current


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Any) -> HttpResponse:
    if request.method == "POST":
        messages.success(request, _do(request, request.POST.get("do", "")))
        return redirect("campaigns:settings")
    published, kept = current(), conduct()
    sender = published.policy.company.privacy_contact
    name, record = keys.signer(sender.rpartition("@")[2]).record()
    moderates = [one for one in published.policy.moderates if one.what == "campaigns"]
    context = {
        "sender": sender,
        "sender_name": kept.sender_name or request.organisation.name,
        "sending": SenderForm(initial={"sender_name": kept.sender_name, "reply_to": kept.reply_to}),
        "soft": SoftForm(initial={"most": kept.soft_most, "days": kept.soft_days}),
        "record_name": name,
        "record": record,
        "rates": (pacing.global_rate(), pacing.domain_rate()),
        "conduct": kept,
        "limit": f"{kept.complaint_limit / 100:.2f}%",
        "limiting": LimitForm(initial={"percent": f"{kept.complaint_limit / 100:.2f}"}),
        "complaints": delivered.complaints(),
        "cause": wording.CAUSES.get(kept.cause, ""),
        "moderates": moderates[0] if moderates else None,
        "grounds": [wording.ground(one) for one in grounds()],
        "may_moderate": "mail.moderate" in request.actor.abilities,
    }
    return render(request, "campaigns/settings.html", context)


def _do(request: Any, what: str) -> str:
    actor = request.actor
    match what:
        case "stop":
            actions.stop(actor=actor)
            return "Everything stands still. No further copy leaves."
        case "release":
            actions.release(actor=actor)
            return "Campaigns go on."
        case "moderate":
            actions.require_moderation(actor=actor, needed=True)
            return "From now on each campaign is read before it leaves."
        case "trust":
            actions.require_moderation(actor=actor, needed=False)
            return "Campaigns leave without being read."
        case "sender":
            sending = _valid(SenderForm(request.POST), "That is no sender.")
            actions.name_sender(
                actor=actor, name=sending["sender_name"], reply_to=sending["reply_to"]
            )
            return "Letters come from it from now on; those on their way as they were."
        case "soft":
            soft = _valid(SoftForm(request.POST), "That is no limit for letters that come back.")
            actions.limit_soft_bounces(actor=actor, most=soft["most"], days=soft["days"])
            return "Noted."
        case "limit":
            form = LimitForm(request.POST)
            _valid(form, "That is no share of letters.")
            actions.limit_complaints(actor=actor, limit=form.limit)
            return f"Everything stops when more than {form.limit / 100:.2f}% complain."
    raise Invalid("There is no such button.", do="Use those of the page.")


def _valid(form: Form, what: str) -> dict[str, Any]:
    if not form.is_valid():
        why = "; ".join(str(one) for errors in form.errors.values() for one in errors)
        raise Invalid(what, why=why, do="Change it and send it again.")
    return form.cleaned_data
