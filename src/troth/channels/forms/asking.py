"""The mail that asks whether a sign-up is meant. Nobody is known yet, so it has no person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from troth.channels.forms.models import SignUp
from troth.channels.forms.signing_up import LIFE, address, forget
from troth.core import clock
from troth.core.actors import Actor
from troth.core.errors import Denied
from troth.core.gate.deposits import deposit
from troth.core.notices.versions import current
from troth.kit import links
from troth.kit.mail import MailInvalid, transport
from troth.kit.outbox.api import WAITS, letter

LINK = "forms.sign-up"


def ask(pk: UUID) -> datetime | None:
    """Send the question once. Returns when to try again, if the receiving side puts it off."""
    sign_up = SignUp.objects.filter(pk=pk, expires_at__gt=clock.now()).first()
    if sign_up is None:
        return None
    worker = Actor.system("worker")
    try:
        with deposit(row=sign_up.pk, actor=worker, touchpoint=sign_up.touchpoint):
            to = address(sign_up)
            built, sender = letter("forms/mail/sign_up.md", _context(sign_up), to=to)
            outcome = transport().deliver(built, sender=sender, to=to)
    except (Denied, MailInvalid):
        forget(sign_up)  # the policy has no such form any more, or it is no address
        return None
    if outcome.state == "accepted":
        return None
    sign_up.tries += 1
    if outcome.state == "deferred" and sign_up.tries <= len(WAITS):
        sign_up.save(update_fields=["tries"])
        return clock.now() + WAITS[sign_up.tries - 1]
    forget(sign_up)
    return None


def _context(sign_up: SignUp) -> dict[str, object]:
    published = current()
    token = links.sign(LINK, sign_up.ref)
    return {
        "company": published.policy.company,
        "wishes": list(sign_up.wishes.values()),
        "days": LIFE.days,
        "url": links.absolute(reverse("forms:sign-up", args=[token])),
    }
