"""The organisation's account with its payment company: where it is, and its secrets."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from troth.channels.billing import acts, clauses
from troth.channels.billing.models import Till
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.connect import secrets
from troth.core.errors import Invalid
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id

if TYPE_CHECKING:
    from stripe import StripeClient

API: Final = "https://api.stripe.com"
PAGES: Final = "https://checkout.stripe.com"
PATIENCE: Final = 15  # seconds for one call
TRIES: Final = 2  # more, after a first that failed; each has the same idempotency key
LABEL: Final = "The payment company"
CONNECT: Final = "connect.manage"
"""The ability: where payments go is no matter of the day's orders."""
_ORIGIN: Final = re.compile(r"[\w.-]+(:\d+)?|\[[0-9a-f:]+\](:\d+)?", re.ASCII | re.IGNORECASE)


class TillInvalid(Invalid):
    """The payment company cannot be reached that way."""


def till() -> Till | None:
    """The account of the organisation in scope, if it takes cards at all."""
    return Till.objects.first()


@action
def connect(
    *,
    actor: Actor,
    key: str = "",
    hook: str = "",
    key_from: str = "",
    hook_from: str = "",
    api: str = API,
    pages: str = PAGES,
) -> Till:
    """Connect the payment company of the policy, in place of what was connected.

    `key` calls its interface, `hook` is what it signs its messages with; both are sealed, or come
    from where `key_from` and `hook_from` say. Raises `TillInvalid`, `SellingDenied`.
    """
    actor.needs(CONNECT)
    clauses.place()
    to = clauses.payee()
    if not to:
        raise TillInvalid(
            "The policy passes card numbers to nobody.",
            do="Publish a [[collect]] at the checkout with `pass_to`.",
        )
    if not (key or key_from) or not (hook or hook_from):
        raise TillInvalid("Two secrets are needed.", do="Copy both from your account there.")
    Till.objects.all().delete()
    made = Till(
        api=encrypted(api),
        pages=encrypted(pages),
        key_from=secrets.checked(key_from),
        hook_from=secrets.checked(hook_from),
        connected_at=clock.now(),
    )
    organisation = current_organisation_id()
    made.key = secrets.seal(made.pk, organisation, key) if key else None
    made.hook = secrets.seal(_hooks(made.pk), organisation, hook) if hook else None
    made.save(force_insert=True)
    record(
        act=acts.CONNECTED,
        organisation=organisation,
        actor=actor,
        clause=current().rules.recipients[to].clause,
        version=current().version,
        to=to,
    )
    return made


def encrypted(address: str) -> str:
    """An origin that is reached encrypted, or on this machine. Raises `TillInvalid`."""
    parts = urlsplit(address.strip().rstrip("/"))
    host = parts.hostname or ""
    closed = parts.scheme == "https" or (parts.scheme == "http" and _here(host))
    named = _ORIGIN.fullmatch(parts.netloc)
    if closed and named and not (parts.path or parts.query or parts.username):
        return f"{parts.scheme}://{parts.netloc}"
    raise TillInvalid(
        "Payment details go over encrypted connections only.",
        do="Give an address such as https://api.company.example.",
    )


def client(found: Till) -> StripeClient:
    """The payment company's own library, set up for this account."""
    import stripe  # noqa: PLC0415 - large, and only needed where somebody pays

    stripe.enable_telemetry = False  # how long calls took is nobody's business
    return stripe.StripeClient(
        key_of(found),
        base_addresses={"api": found.api},
        max_network_retries=TRIES,
        http_client=stripe.RequestsClient(timeout=PATIENCE),
    )


def key_of(found: Till) -> str:
    if found.key_from:
        return secrets.elsewhere(LABEL, found.key_from)
    assert found.key is not None
    return secrets.reveal(LABEL, found.pk, found.organisation_id, found.key)


def hook_of(found: Till) -> str:
    if found.hook_from:
        return secrets.elsewhere(LABEL, found.hook_from)
    assert found.hook is not None
    return secrets.reveal(LABEL, _hooks(found.pk), found.organisation_id, found.hook)


def _hooks(row: UUID) -> UUID:
    """What the second secret of a row is bound to, so that one cannot stand for the other."""
    return uuid5(row, "hook")


def _here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
