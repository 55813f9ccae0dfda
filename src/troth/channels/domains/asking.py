"""The mail that asks whether an order is meant. Nobody is known yet, so it has no person."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from typing import Final
from uuid import UUID

from django.urls import reverse

from troth.channels.domains.clauses import place
from troth.channels.domains.models import Order
from troth.channels.domains.names import shown
from troth.channels.domains.ordering import LIFE, forget, written
from troth.core import clock
from troth.core.actors import Actor
from troth.core.errors import Denied, Missing
from troth.kit import links
from troth.kit.mail import MailInvalid, transport
from troth.kit.outbox.api import WAITS, letter

LINK: Final = "domains.confirm"


def ask(pk: UUID) -> datetime | None:
    """Send the question once. Returns when to try again, if the receiving side puts it off."""
    order = Order.objects.filter(pk=pk, expires_at__gt=clock.now()).first()
    if order is None:
        return None
    try:
        built, sender, to = _letter(order)
        outcome = transport().deliver(built, sender=sender, to=to)
    except (Denied, Missing, MailInvalid):
        forget(order)  # the policy has no such form any more, or it is no address
        return None
    if outcome.state == "accepted":
        return None
    order.tries += 1
    if outcome.state == "deferred" and order.tries <= len(WAITS):
        order.save(update_fields=["tries"])
        return clock.now() + WAITS[order.tries - 1]
    forget(order)
    return None


def _letter(order: Order) -> tuple[EmailMessage, str, str]:
    found = place()
    given, wanted = written(order, actor=Actor.system("worker"))
    said = {one.name: one.text for one in given}
    labels = {one.field.key: one.field.label for one in found.showable}
    context = {
        "company": found.rules.policy.company,
        "domain": shown(said[found.name.key]),
        "shown": [labels[key] for key in wanted if key in labels],
        "days": LIFE.days,
        "url": links.absolute(reverse("domains:confirm", args=[links.sign(LINK, order.ref)])),
    }
    to = said[found.email.key]
    built, sender = letter("domains/mail/confirm.md", context, to=to)
    return built, sender, to
