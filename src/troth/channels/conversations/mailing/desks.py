"""Where mail to a company's desk goes: the desk's local part at the company's own domain."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from troth.channels.conversations.models import Desk
from troth.core.asking import ask
from troth.core.notices.versions import PolicyMissing, current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import current_organisation_id, scope
from troth.kit.inbound.routes import RouteContestedInvalid

TOUCHPOINT: Final = "tickets.mail"
MAILBOX: Final = "support"
FRESH: Final = 5.0  # seconds for which the list of desks is believed
_known: Final[dict[str, tuple[float, dict[str, list[UUID]]]]] = {}


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
    """The company's domain for mail: the one the host has bound to it, or else that of its privacy
    contact.
    """
    slug = ask(Organisation, "slug", id=current_organisation_id())
    return _bound().get(slug) or _claimed()


def _claimed() -> str:
    return current().policy.company.privacy_contact.rpartition("@")[2].lower()


def _bound() -> dict[str, str]:
    """Domains by the organisation's slug, as the host's settings bind them (``mail_domains``)."""
    given = settings.HOME.options.get("mail_domains", {})
    return {str(slug): str(name).lower() for slug, name in dict(given).items()}


def found(recipient: str) -> Place | None:
    """The desk an address is of; None where it is none, or the policy has no clause for mail.

    Raises `RouteContestedInvalid` where more than one organisation claims it.
    """
    local, _, of = recipient.strip().lower().rpartition("@")
    base, _, token = local.partition("+")
    claims = _desks().get(f"{base}@{of}", [])
    if len(claims) > 1:
        raise RouteContestedInvalid(
            "Two organisations claim this address.",
            why="Each names its domain in its own policy, and neither is believed.",
            do="Bind the domain to one of them with mail_domains in settings.toml.",
        )
    return Place(claims[0], token) if claims else None


def takes(recipient: str) -> bool:
    """Whether mail for this address is taken in."""
    return found(recipient) is not None


def forget() -> None:
    """Look again the next time."""
    _known.clear()


def contested() -> bool:
    """Whether the address of the organisation in scope is another's as well: then it gets no mail
    until the host binds the domain.
    """
    try:
        takes_mail = TOUCHPOINT in current().rules.touchpoints
    except PolicyMissing:
        return False
    return takes_mail and len(_desks().get(address(), [])) > 1


def _desks() -> dict[str, list[UUID]]:
    where = str(connection.settings_dict["NAME"])
    at, desks = _known.get(where, (-FRESH, {}))
    if time.monotonic() - at > FRESH:
        desks = _looked_up()
        _known[where] = (time.monotonic(), desks)
    return desks


def _looked_up() -> dict[str, list[UUID]]:
    bound = _bound()
    desks: dict[str, list[UUID]] = {}
    for organisation in Organisation.objects.all():
        with scope(organisation):
            try:
                takes_mail = TOUCHPOINT in current().rules.touchpoints
            except PolicyMissing:
                continue
            # A domain that is bound is nobody else's, whatever their policy says.
            theirs = organisation.slug in bound or _claimed() not in bound.values()
            if takes_mail and theirs:
                desks.setdefault(address(), []).append(organisation.pk)
    return desks
