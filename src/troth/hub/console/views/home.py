"""The home of the console: what waits, what runs out, and whether the ledger holds."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from troth.core.staff import changing
from troth.hub.console import rail
from troth.hub.console.pages import page
from troth.hub.console.queries import ledger, policy
from troth.hub.console.queries.people import humans
from troth.hub.console.wording import Wording
from troth.kit.charts import Deadline, deadlines

SHOWN = 12


@require_safe
def home(request: Any) -> HttpResponse:
    """What there is to do."""
    if request.member.undertaking_at is None:
        return redirect("console:undertaking")
    waits = rail.waiting(request)
    due = [Deadline(one.text, one.due, one.clause) for one in waits if one.due]
    able = request.actor.abilities
    context: dict[str, Any] = {
        "waits": waits[:SHOWN],
        "more": max(len(waits) - SHOWN, 0),
        "late": sum(one.due is not None and one.due < timezone.localdate() for one in waits),
        "counted": [item for item in rail.items(request) if item.count],
        "deadlines": deadlines("Deadlines ahead", due[:SHOWN]) if due else None,
        "published": policy.in_force(),
    }
    if "people.search" in able:
        context["people"] = humans().count()
    if "ledger.read" in able:
        words = Wording(me=request.member.ref)
        last = ledger.last_verification()
        newest = ledger.newest(ledger.Filter(), limit=6).lines
        context |= {
            "reads_ledger": True,
            "checkpoint": ledger.checkpoint(),
            "last": last,
            "last_when": ledger.moment(last) if last else None,
            "told": [
                {
                    "when": ledger.moment(line),
                    "text": words.sentence(line),
                    "clause": line.body["clause"],
                    "icon": "refusal" if line.act == "gate.denied" else "",
                }
                for line in newest
            ],
        }
    return page(request, "home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def undertaking(request: Any) -> HttpResponse:
    """The promise of confidentiality, before any data is open to a new member."""
    if request.member.undertaking_at is not None:
        return redirect("console:home")
    if request.method == "POST" and request.POST.get("promise") == "on":
        changing.accept_undertaking(request.member, actor=request.actor)
        return redirect("console:home")
    found = policy.in_force()
    clauses = [one for one in found.policy.accesses if one.who == "staff"] if found else []
    context = {"clauses": clauses, "missed": request.method == "POST", "published": found}
    return page(request, "undertaking.html", context, 400 if request.method == "POST" else 200)
