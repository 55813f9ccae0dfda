"""The queue of requests in the console, and one of them beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from troth.channels.rights import wording
from troth.channels.rights.console import waits_for_staff
from troth.channels.rights.showing import console_url, line, whole
from troth.core import clock
from troth.core.rights import api as rights
from troth.core.rights.api import Request
from troth.core.rights.asking import counting
from troth.kit.charts import Deadline, deadlines
from troth.kit.shell import Link

PAGE: Final = 25
FILTERS: Final = {"open": "Open", "staff": "Waits for us", "late": "Late", "ended": "Ended"}
CHARTED: Final = 12


@never_cache
@require_safe
def index(request: Any) -> HttpResponse:
    context = around(request)
    counts = counting()
    dated = [one for one in rights.open_requests().filter(paused_at=None) if one.due_at][:CHARTED]
    if dated:
        context["chart"] = deadlines(
            "What is due next",
            [
                Deadline(
                    f"{wording.kind(one.kind)} {one.ref[:8]}",
                    counts.day(one.due_at or clock.now()),
                    one.clause,
                )
                for one in dated
            ],
            today=counts.day(clock.now()),
        )
    return render(request, "requests/queue.html", context)


@never_cache
@require_safe
def request(request: Any, ref: str) -> HttpResponse:
    return render(request, "requests/request.html", context_of(request, rights.by_ref(ref)))


def context_of(request: Any, found: Request, **more: Any) -> dict[str, Any]:
    """The page of one request for the staff, with what can be done about it."""
    content = rights.read_content(found, actor=request.actor)
    ended_by_hand = found.ended and not content.reply_to and found.answered_at is None
    return {
        **around(request),
        **whole(found, to_person=False),
        "content": content,
        "evidence": [
            (label, content.evidence[key])
            for key, label in wording.EVIDENCE.items()
            if content.evidence.get(key)
        ],
        "changed": [(key, value) for key, value in content.changes.items()],
        "waits": wording.WAITS,
        "extensions": wording.EXTENSIONS,
        "refusals": wording.REFUSALS,
        "outcomes": wording.OUTCOMES,
        "proofs": {key: wording.PROOFS[key] for key in wording.BY_STAFF},
        "may_extend": _may_extend(found, clock.now()),
        "unanswered": ended_by_hand and found.state != Request.State.WITHDRAWN,
        **more,
    }


def around(request: Any) -> dict[str, Any]:
    """The list that stands beside every page of requests: what is late first."""
    key = request.GET.get("state", "open")
    key = key if key in FILTERS else "open"
    page = Paginator(_filtered(key), PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "lines": [line(one, to_person=False, url=console_url(one)) for one in page],
        "filter": key,
        "filters": [
            Link(label, f"?state={name}", current=name == key) for name, label in FILTERS.items()
        ],
        "late": rights.overdue().count(),
    }


def _filtered(key: str) -> QuerySet[Request]:
    if key == "ended":
        return Request.objects.filter(state__in=Request.ENDED).order_by("-closed_at")
    if key == "late":
        return rights.overdue()
    found = waits_for_staff() if key == "staff" else rights.open_requests()
    stands = Case(
        When(due_at=None, then=Value(2)),
        When(paused_at__isnull=False, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return found.order_by(stands, F("due_at").asc(nulls_last=True), "received_at")


def _may_extend(found: Request, now: datetime) -> bool:
    running = not found.ended and found.due_at is not None
    return running and not found.extended and now <= (found.due_at or now)
