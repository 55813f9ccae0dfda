"""What other parts may use of requests."""

from __future__ import annotations

from django.urls import reverse

from troth.channels.rights.following import UNPROVEN, follow_up
from troth.channels.rights.mails import TICKET_LIFE, own_path, staff_path, ticket_path, verify_path
from troth.channels.rights.offered import may_ask
from troth.channels.rights.passing_on import pass_on_by
from troth.channels.rights.receiving import (
    enter,
    prove,
    prove_by_address,
    receive,
    tell,
)
from troth.channels.rights.reminding import remind
from troth.channels.rights.wording import explained
from troth.core.rights.api import Content, Telling
from troth.core.rights.kinds import SHOWING

__all__ = [
    "SHOWING",
    "TICKET_LIFE",
    "UNPROVEN",
    "Content",
    "Telling",
    "ask_path",
    "enter",
    "explained",
    "follow_up",
    "may_ask",
    "own_path",
    "pass_on_by",
    "prove",
    "prove_by_address",
    "receive",
    "remind",
    "staff_path",
    "tell",
    "ticket_path",
    "verify_path",
]


def ask_path(kind: str) -> str:
    """The page on which anybody asks for this; "" where the policy grants no such right."""
    return reverse("requests:ask", args=[kind]) if may_ask(kind) else ""
