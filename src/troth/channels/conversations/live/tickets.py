"""Tickets: what lets a member's browser in. The web makes one, good for a minute and one origin.

The live process has no session and no cookie, so that no page of somebody else's can speak through
a browser that is logged in.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.core import signing

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


def issue(member: Membership, origin: str) -> str:
    """A ticket for a page of `origin` (``https://host[:port]``)."""
    return signing.dumps([str(current_organisation_id()), str(member.pk), origin], salt=SALT)


def redeem(ticket: str, origin: str) -> tuple[UUID, UUID, Actor]:
    """Organisation, member and actor of a ticket. Raises `TicketDenied`."""
    try:
        organisation, member, made_for = signing.loads(ticket, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        raise _denied("It is older than a minute, or not from here.") from None
    if origin != made_for:
        raise _denied("It was made for a page of another address.")
    with scope(UUID(organisation)):
        found = Membership.objects.select_related("role").filter(pk=member).first()
        actor = staff_actor(found) if found is not None else None
    if actor is None or ABILITY not in actor.abilities:
        raise _denied("Your role does not include the inbox.")
    return UUID(organisation), UUID(member), actor


def _denied(why: str) -> TicketDenied:
    return TicketDenied("This connection is not let in.", why=why, do="Load the page again.")
