"""Tickets: what lets an agent's page in. The web makes one, good for a minute and one origin, as
for the desk: the live process has no session and no cookie.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core import signing

from troth.channels.accounts.api import sign_in_lives
from troth.channels.remote.models import Session
from troth.channels.remote.offering import ABILITY
from troth.core.errors import Denied
from troth.core.staff.members import staff_actor
from troth.core.staff.models import Membership

SALT: Final = "troth.remote"
SECONDS: Final = 60


class TicketDenied(Denied):
    """A ticket is not ours, is too old, or comes from another site's page."""


def issue(session: Session, member: Membership, origin: str, sign_in: str) -> str:
    """A ticket for this agent's page of this session."""
    held = [str(session.organisation_id), str(session.pk), str(member.pk), origin, sign_in]
    return signing.dumps(held, salt=SALT)


def redeem(ticket: str, origin: str) -> tuple[UUID, UUID, UUID, str]:
    """Organisation, session, member and log-in. Raises `TicketDenied`."""
    try:
        organisation, session, member, made_for, sign_in = signing.loads(
            ticket, salt=SALT, max_age=SECONDS
        )
    except (signing.BadSignature, ValueError):
        raise denied("It is older than a minute, or not from here.") from None
    if origin != made_for:
        raise denied("It was made for a page of another address.")
    return UUID(organisation), UUID(session), UUID(member), sign_in


def may_look(session: Session, member: UUID, sign_in: str) -> bool:
    """Whether this is the session's agent, still logged in, and with a role that helps."""
    found = Membership.objects.select_related("role").filter(pk=member).first()
    return (
        found is not None
        and session.agent_id == found.pk
        and sign_in_lives(sign_in, found.user_id)
        and ABILITY in staff_actor(found).abilities
    )


def denied(why: str) -> TicketDenied:
    return TicketDenied("This connection is not let in.", why=why, do="Load the page again.")
