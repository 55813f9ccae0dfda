"""What the worker does about requests: telling recipients, and letting go of what nobody proved."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from troth.channels.rights import passing_on
from troth.channels.rights.models import Ticket
from troth.channels.rights.receiving import SYSTEM
from troth.core import clock
from troth.core.rights import api as rights
from troth.core.rights.api import Request

UNPROVEN: Final = timedelta(days=14)
"""How long a request waits for the link in its mail to be opened."""


def follow_up() -> int:
    """Do what is due in the organisation in scope. Returns how much that was."""
    return passing_on.follow_up() + _lapse() + _tidy()


def _lapse() -> int:
    """End requests that nobody showed to be theirs: what they wrote goes with their key."""
    late = Request.objects.filter(
        state=Request.State.UNPROVEN, received_at__lt=clock.now() - UNPROVEN
    )
    found = list(late[:200])
    for request in found:
        rights.refuse(request, actor=SYSTEM, reason="not-proved")
    return len(found)


def _tidy() -> int:
    return Ticket.objects.filter(expires_at__lt=clock.now()).delete()[0]
