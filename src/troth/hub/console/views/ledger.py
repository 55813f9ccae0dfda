"""The ledger: entries in sentences, each with its proof; verification, checkpoint and key."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from troth.core.ledger.api import Line, Verification, acts, receipt as make_receipt, verifier
from troth.core.organisations.scope import current_organisation_id
from troth.hub.console.pages import page
from troth.hub.console.queries import ledger as queries
from troth.hub.console.sheets import download
from troth.hub.console.verifying import verify_now
from troth.hub.console.wording import Wording

EXPORTED = 50_000
COLUMNS = (
    *("Position", "Time (UTC)", "Act", "What happened", "Purpose", "Clause", "Version", "Data"),
    *("People", "Subject", "Actor", "Entry"),
)


def _told(line: Line, words: Wording) -> dict[str, Any]:
    return {
        "id": line.id,
        "position": line.position,
        "when": queries.moment(line),
        "text": words.sentence(line),
        "clause": line.body["clause"],
        "act": line.act,
    }


def around(request: Any, words: Wording) -> dict[str, Any]:
    """The list beside whatever the right pane shows."""
    wanted = queries.Filter.of(request.GET)
    found = queries.newest(wanted)
    kept = request.GET.copy()
    return {
        "filter": wanted,
        "found": found,
        "lines": [_told(line, words) for line in found.lines],
        "acts": sorted(acts()),
        "kept": f"?{kept.urlencode()}" if kept else "",
    }


def _proven() -> dict[str, Any]:
    last = queries.last_verification()
    return {
        "checkpoint": queries.checkpoint(),
        "key": str(verifier(current_organisation_id())),
        "last": last,
        "last_when": queries.moment(last) if last else None,
        "growth": queries.growth(),
    }


@require_safe
def ledger(request: Any) -> HttpResponse:
    """The newest entries, beside what proves them."""
    words = Wording(me=request.member.ref)
    return page(request, "ledger/list.html", around(request, words) | _proven())


@require_safe
def proof(request: Any) -> HttpResponse:
    """Verification, checkpoint, public key and growth."""
    words = Wording(me=request.member.ref)
    context = around(request, words) | _proven() | {"show_detail": True}
    return page(request, "ledger/list.html", context)


@require_POST
def verify(request: Any) -> HttpResponse:
    """Verify now, and say plainly what came of it."""
    outcome: Verification = verify_now(actor=request.actor)
    words = Wording(me=request.member.ref)
    context = around(request, words) | _proven() | {"outcome": outcome, "show_detail": True}
    return page(request, "ledger/list.html", context)


@require_safe
def entry(request: Any, entry: UUID) -> HttpResponse:
    """One entry: its sentence, its body as it was hashed, and whether its place is proven."""
    line = queries.entry(entry)
    words = Wording(me=request.member.ref)
    body = line.body
    return page(
        request,
        "ledger/entry.html",
        around(request, words)
        | {
            "entry": _told(line, words),
            "body": json.dumps(body, indent=2, ensure_ascii=False, sort_keys=True),
            "purpose": words.purpose(body["purpose"]) if body["purpose"] else "",
            "actor": words.actor(body["actor"]),
            "data": words.say("data", body["data"]) if body["data"] else "",
            "subject": body["subject"],
            "version": body["version"],
            "count": body["count"],
            "proof": queries.proof(line) if line.position is not None else None,
        },
    )


@require_safe
def receipt(request: HttpRequest, entry: UUID) -> HttpResponse:
    """The receipt of an entry, to keep: it proves the entry offline."""
    line = queries.entry(entry)  # another organisation's entry has no receipt here
    text = json.dumps(make_receipt(line.id), indent=2, ensure_ascii=False) + "\n"
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="receipt-{line.id.hex}.json"'
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def export(request: Any) -> HttpResponse:
    """The entries of the filter as CSV. The ledger holds no personal value, so no use is opened."""
    words = Wording(me=request.member.ref)
    found = queries.newest(queries.Filter.of(request.GET), limit=EXPORTED)
    rows = (
        (
            "" if line.position is None else line.position,
            line.at,
            line.act,
            words.sentence(line),
            line.body["purpose"],
            line.body["clause"],
            line.body["version"],
            " ".join(line.body["data"]),
            "" if line.body["count"] is None else line.body["count"],
            line.body["subject"] or "",
            f"{line.body['actor']['kind']}:{line.body['actor']['ref']}",
            line.id.hex,
        )
        for line in found.lines
    )
    return download("ledger", COLUMNS, rows)
