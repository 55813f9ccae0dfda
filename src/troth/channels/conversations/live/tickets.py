"""Tickets: what lets a member's browser in. The web makes one, good for a minute and one origin.

The live process has no session and no cookie, so that no page of somebody else's can speak through
a browser that is logged in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core import signing

from troth.channels.accounts.api import sign_in_lives
from troth.core.actors import Actor
from troth.core.errors import Denied
from troth.core.organisations.scope import current_organisation_id, scope
from troth.core.staff.members import staff_actor
from troth.core.staff.models import Membership

SALT: Final = "troth.live"
SECONDS: Final = 60
ABILITY: Final = "inbox.read"


class TicketDenied(Denied):
    """A ticket is not ours, is too old, or comes from another site's page."""


@dataclass(frozen=True, slots=True)
class Redeemed:
    """Whose a ticket is, and by which log-in."""

    organisation: UUID
    member: UUID
    actor: Actor
    sign_in: str


def issue(member: Membership, origin: str, sign_in: str = "") -> str:
    """A ticket for a page of `origin` (``https://host[:port]``), good as long as the log-in is."""
    held = [str(current_organisation_id()), str(member.pk), origin, sign_in]
    return signing.dumps(held, salt=SALT)


def redeem(ticket: str, origin: str) -> Redeemed:
    """Raises `TicketDenied`."""
    try:
        organisation, member, made_for, sign_in = signing.loads(ticket, salt=SALT, max_age=SECONDS)
    except (signing.BadSignature, ValueError):
        raise _denied("It is older than a minute, or not from here.") from None
    if origin != made_for:
        raise _denied("It was made for a page of another address.")
    with scope(UUID(organisation)):
        actor = actor_of(UUID(member), sign_in)
    return Redeemed(UUID(organisation), UUID(member), actor, sign_in)


def actor_of(member: UUID, sign_in: str) -> Actor:
    """The member as they are now. Raises `TicketDenied` where they may not be here any more."""
    found = Membership.objects.select_related("role").filter(pk=member).first()
    if found is None or not sign_in_lives(sign_in, found.user_id):
        raise _denied("Your log-in is over.")
    actor = staff_actor(found)
    if ABILITY not in actor.abilities:
        raise _denied("Your role does not include the inbox.")
    return actor


def _denied(why: str) -> TicketDenied:
    return TicketDenied("This connection is not let in.", why=why, do="Load the page again.")
