"""The mail that brings an invoice or a credit note: by link, so that no mailbox holds it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from troth.channels.billing import money
from troth.channels.billing.invoicing import MAIL
from troth.channels.billing.models import Invoice, Order
from troth.channels.billing.pages import LINK
from troth.core.notices.versions import current
from troth.kit import links
from troth.kit.outbox.api import Message, register_mail


def invoice(message: Message) -> dict[str, Any]:
    """What the mail says: no name, no address, nothing of what was bought."""
    found = Invoice.objects.get(pk=message.about)
    order = Order.objects.get(pk=found.record)
    token = links.sign(LINK, order.ref)
    return {
        "invoice": found,
        "order": order,
        "total": money.words(found.total, found.currency),
        "company": current().policy.company,
        "credit": found.kind == Invoice.Kind.CREDIT,
        "paid": order.state != Order.State.UNPAID,
        "url": links.absolute(reverse("billing:order", args=[token])),
    }


def register() -> None:
    register_mail(kind=MAIL, template="billing/mail/invoice.md", context=invoice)
