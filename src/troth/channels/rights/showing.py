"""One request as its pages show it, to whoever asked and to the staff."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import reverse

from troth.channels.rights import escalating, passing_on, wording
from troth.channels.rights.wording import Clock
from troth.core.errors import Refusal
from troth.core.notices.versions import current
from troth.core.rights import api as rights
from troth.core.rights.api import Request, Telling
from troth.core.rights.asking import counting
from troth.core.rights.kinds import CHANGING, SHOWING, TALKED
from troth.kit.categories import in_words
from troth.kit.refusals import of as refusal_words


@dataclass(frozen=True, slots=True)
class Line:
    """A request in a list."""

    ref: str
    label: str
    sign: tuple[str, str]
    clock: Clock
    clause: str
    version: str
    received: Any
    way: str
    ended: bool
    url: str = ""


def line(request: Request, *, to_person: bool, url: str = "") -> Line:
    states = wording.STATES | (wording.TO_PERSON if to_person else {})
    return Line(
        request.ref,
        wording.kind(request.kind),
        states[request.state],
        wording.standing(request, counting()),
        request.clause,
        request.version,
        request.received_at,
        wording.WAYS[request.way],
        request.ended,
        url,
    )


def whole(request: Request, *, to_person: bool) -> dict[str, Any]:
    """Everything a page of one request says: its clock, its history, its plan while it has one."""
    waits = request.state in (Request.State.OPEN, Request.State.WAITING)
    found: dict[str, Any] = {
        "found": request,
        "line": line(request, to_person=to_person),
        "events": [
            {"when": event.at, "text": wording.happened(event)} for event in request.events.all()
        ],
        "reason": wording.reason(request.outcome) if request.state == "refused" else "",
        "waits_for": wording.reason(request.waits_for) if request.waits_for else "",
        "extension": wording.reason(request.extension) if request.extended else "",
        "proof": wording.PROOFS.get(request.proved, request.proved),
        "talked": request.kind in TALKED,
        "changes": request.kind in CHANGING,
        "may_go_on": request.state == Request.State.OPEN and request.kind not in TALKED,
        "may_withdraw": not request.ended and request.state not in Request.WORKING,
        "has_package": request.kind in SHOWING and request.state == Request.State.DONE,
        "steps": list(request.steps.all()),
        "liaison": escalating.offered(request) if to_person else None,
        "tellings": [_telling(one) for one in request.tellings.all()],
    }
    if waits and request.kind not in TALKED:
        found |= _plan(request)
    return found


def _plan(request: Request) -> dict[str, Any]:
    """The plan by place, or why there is none yet."""
    try:
        lines = rights.plan(request)
    except Refusal as refusal:
        return {"no_plan": refusal_words(refusal)}
    rows = [
        {
            "place": one.place,
            "what": one.field or in_words(one.category),
            "sign": wording.DOES.get(one.does, ("neutral", one.does)),
            "rows": one.rows,
            "clause": one.clause,
            "why": one.why,
        }
        for one in lines
    ]
    rows.sort(key=lambda row: str(row["place"]))
    return {"plan": [(place, list(of)) for place, of in groupby(rows, lambda row: row["place"])]}


def _telling(telling: Telling) -> dict[str, Any]:
    party = current().policy.recipients.get(telling.recipient)
    return {
        "ref": telling.ref,
        "name": party.name if party else telling.recipient,
        "sign": wording.TELLINGS[Telling.State(telling.state)],
        "told": telling.told_at,
        "answered": telling.answered_at,
        "by_hand": not passing_on.contact(telling.recipient),
        "open": telling.state in (*Telling.OPEN, Telling.State.SILENT),
        "tries": telling.tries,
    }


def console_url(request: Request) -> str:
    return reverse("requests:request", args=[request.ref])
