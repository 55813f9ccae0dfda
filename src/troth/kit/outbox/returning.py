"""A mail that a server took and sent back later (RFC 3464): it did not arrive after all.

Each mail has a return path of its own, which only whoever got its envelope has seen. Without the
setting ``inbound_domain`` reports go to the company's own address, for people to read.
"""

from __future__ import annotations

import hmac
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import everywhere, scope
from troth.kit.inbound import reports
from troth.kit.inbound.api import Mail, receive_at
from troth.kit.outbox import acts
from troth.kit.outbox.kinds import mail_kind
from troth.kit.outbox.models import Message

ROUTE: Final = r"returned-([0-9a-f]{32})-([0-9a-f]{20})"
SERVER: Final = Actor.system("mail")


def register() -> None:
    """Take reports. Called once, when the application is ready."""
    receive_at(ROUTE, on_report)


def return_path(message: Message, otherwise: str) -> str:
    """Where a report about this mail comes back to."""
    domain = str(settings.HOME.option("inbound_domain") or "")
    return f"returned-{message.pk.hex}-{_mac(message.pk)}@{domain}" if domain else otherwise


def on_report(mail: Mail) -> None:
    """Deal with what came to a return path. What says “not yet”, or nothing at all, is no news."""
    key, mac = UUID(mail.match[1]), mail.match[2]
    found = reports.bounce(mail.message)
    if found is None or not found.hard or not hmac.compare_digest(mac, _mac(key)):
        return
    with everywhere("whose mail came back"):
        message = Message.objects.filter(pk=key).first()
    if message is not None:
        with scope(message.organisation_id):
            returned(key, status=found.status)


@action
def returned(key: UUID, *, status: str) -> None:
    """Note that it did not arrive, once, and undo what its arrival had come to (`MailKind`)."""
    message = Message.objects.select_for_update(of=("self",)).get(pk=key)
    if message.state != Message.State.ACCEPTED:
        return
    message.state, message.answer = Message.State.REFUSED, status[:20]
    message.save(update_fields=["state", "answer"])
    record(
        act=acts.RETURNED,
        organisation=message.organisation_id,
        actor=SERVER,
        subject=message.person.ref,
        purpose=message.purpose,
        version=current().version,
        detail={"kind": message.kind},
    )
    if follow := mail_kind(message.kind).returned:
        follow(message)


def _mac(key: UUID) -> str:
    return salted_hmac("troth.outbox.returned", key.hex, algorithm="sha256").hexdigest()[:20]
