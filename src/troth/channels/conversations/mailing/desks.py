"""Where mail to a company's desk goes: the desk's local part at the company's own domain."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

from troth.channels.conversations.models import Desk
from troth.core.asking import ask
from troth.core.notices.versions import PolicyMissing, current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope

TOUCHPOINT: Final = "tickets.mail"
MAILBOX: Final = "support"
FRESH: Final = 5.0  # seconds for which the list of desks is believed
_known: Final[dict[str, tuple[float, dict[str, UUID]]]] = {}


@dataclass(frozen=True, slots=True)
class Place:
    """Whose desk a mail is for. `token` is what stood behind a plus sign, as in bounces."""

    organisation: UUID
    token: str


def address() -> str:
    """The address of the desk of the organisation in scope."""
    mailbox = ask(Desk, "mailbox") or MAILBOX
    return f"{mailbox}@{domain()}".lower()


def domain() -> str:
    """The company's domain for mail: that of its privacy contact."""
    return current().policy.company.privacy_contact.rpartition("@")[2].lower()


def found(recipient: str) -> Place | None:
    """The desk an address is of; None where it is none, or the policy has no clause for mail."""
    local, _, of = recipient.strip().lower().rpartition("@")
    base, _, token = local.partition("+")
    organisation = _desks().get(f"{base}@{of}")
    return None if organisation is None else Place(organisation, token)


def takes(recipient: str) -> bool:
    """Whether mail for this address is taken in."""
    return found(recipient) is not None


def forget() -> None:
    """Look again the next time."""
    _known.clear()


def _desks() -> dict[str, UUID]:
    where = str(connection.settings_dict["NAME"])
    at, desks = _known.get(where, (-FRESH, {}))
    if time.monotonic() - at > FRESH:
        desks = _looked_up()
        _known[where] = (time.monotonic(), desks)
    return desks


def _looked_up() -> dict[str, UUID]:
    desks: dict[str, UUID] = {}
    for organisation in Organisation.objects.all():
        with scope(organisation):
            try:
                if TOUCHPOINT in current().rules.touchpoints:
                    desks.setdefault(address(), organisation.pk)
            except PolicyMissing:
                continue
    return desks
