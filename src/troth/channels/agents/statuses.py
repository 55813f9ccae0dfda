"""A request as its agent sees it (Data Rights Protocol 1.0, sections 3.02 and 3.03)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from troth.channels.agents.models import Exercise
from troth.channels.rights import api as requests
from troth.core import clock
from troth.core.rights.api import Request
from troth.kit import links

State = Request.State
FINAL: Final = frozenset({"fulfilled", "revoked", "denied", "expired"})
DENIALS: Final = {
    "no-match": "no_match",
    "identity": "insuf_verification",
    "not-proved": "insuf_verification",
    "fraud": "suspected_fraud",
    "not-covered": "claim_not_covered",
    "jurisdiction": "outside_jurisdiction",
    "excessive": "too_many_requests",
}
"""Our reasons in the protocol's words; every other one is `other`."""


def number(request: Request) -> str:
    """The request_id: a UUID with the same 128 random bits as our reference."""
    return str(UUID(hex=request.ref))


def status(exercise: Exercise, *, results: bool = False) -> dict[str, Any]:
    """The status object. `results` gives a fulfilled request its link, made anew: it opens the
    package once.
    """
    request = exercise.request
    found: dict[str, Any] = {
        "request_id": number(request),
        "received_at": moment(request.received_at),
    }
    if exercise.agent_request_id:
        found["agent_request_id"] = exercise.agent_request_id
    state, reason = standing(request)
    found["status"] = state
    if reason:
        found["reason"] = reason
    if request.due_at is not None and state == "in_progress":
        found["expected_by"] = moment(request.due_at)
    if details := requests.explained(request):
        found["processing_details"] = details
    if reason == "need_user_verification":
        found["user_verification_url"] = links.absolute(requests.verify_path(request))
        found["expires_at"] = moment(request.received_at + requests.UNPROVEN)
    if state == "fulfilled" and request.closed_at is not None:
        found["expires_at"] = moment(request.closed_at + requests.TICKET_LIFE)
        if results and request.kind in requests.SHOWING:
            found["results_url"] = links.absolute(requests.ticket_path(request))
    return found


def standing(request: Request) -> tuple[str, str]:
    """State and reason in the protocol's words."""
    match request.state:
        case State.UNPROVEN:
            return "in_progress", "need_user_verification"
        case State.DONE if _past(request):
            return "expired", ""
        case State.DONE:
            return "fulfilled", ""
        case State.REFUSED:
            return "denied", DENIALS.get(request.outcome, "other")
        case State.WITHDRAWN:
            return "revoked", ""
        case State.OPEN if request.due_at is None:
            return "open", ""
    return "in_progress", ""


def _past(request: Request) -> bool:
    """Whether a fulfilled request's result can no longer be had."""
    closed = request.closed_at
    return closed is not None and closed + requests.TICKET_LIFE < clock.now()


def moment(value: datetime) -> str:
    return value.isoformat(timespec="seconds")


def told(exercise: Exercise) -> str:
    """What makes one state different from the one before, for callbacks."""
    request = exercise.request
    state, reason = standing(request)
    return ":".join(filter(None, (state, reason, request.waits_for, "x" * request.extended)))
