"""Sessions in words."""

from __future__ import annotations

from datetime import datetime

from troth.channels.remote.models import Session
from troth.core import clock

SIGNS = {
    Session.State.OFFERED: "info",
    Session.State.JOINED: "info",
    Session.State.RUNNING: "caution",
    Session.State.ENDED: "neutral",
}


def agent(session: Session) -> str:
    """Who the agent is, as far as a customer is told: the role and the short reference that the
    ledger shows too. Names of the staff stay sealed.
    """
    if session.agent is None:
        return "Somebody who is no longer on the staff"
    return f"{session.agent.role.name} {session.agent.ref[:4]}"


def minutes(seconds: float) -> str:
    """A length in whole minutes, and seconds below one."""
    if seconds < 60:  # noqa: PLR2004 - a minute
        whole = max(1, round(seconds))
        return f"{whole} second{'s' if whole > 1 else ''}"
    whole = round(seconds / 60)
    return f"{whole} minute{'s' if whole > 1 else ''}"


def length(session: Session) -> str:
    """How long it ran, or has run."""
    until: datetime = session.ended_at or clock.now()
    began = session.granted_at
    return minutes((until - began).total_seconds()) if began else ""
