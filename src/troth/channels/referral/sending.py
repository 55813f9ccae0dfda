"""The one invitation: sent, and then forgotten whatever became of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import F
from django.urls import reverse

from troth.channels.referral.actions import LIFE, end
from troth.channels.referral.friends import EMAIL, INVITE, address, friend, sender
from troth.channels.referral.models import Referral
from troth.channels.referral.queries import unwelcome
from troth.core import clock
from troth.core.actors import Actor
from troth.core.errors import Denied
from troth.core.gate.collecting import collect
from troth.core.gate.deposits import deposit
from troth.core.notices.versions import current
from troth.core.people.records import Given
from troth.core.sealing.blind import mark
from troth.kit import links
from troth.kit.mail import MailInvalid, Outcome, transport
from troth.kit.outbox.api import WAITS, letter

NO_MORE = "referral.no-more"
WORKER = Actor.system("worker")


def send(pk: UUID) -> datetime | None:
    """Send the invitation once. Returns when to try again, if the receiving side puts it off.

    The try is counted before it is made, so a task that ran twice would not send twice.
    """
    referral = Referral.objects.filter(pk=pk, expires_at__gt=clock.now()).first()
    if referral is None:
        return None
    claim = Referral.objects.filter(pk=pk, tries=referral.tries)
    if not claim.update(tries=F("tries") + 1):
        return None
    try:
        outcome = _deliver(referral)
    except (Denied, MailInvalid):  # the policy has no such form any more, or it is no address
        outcome = Outcome("refused", 0, "")
    if outcome is None:
        end(pk, ending="withheld")
        return None
    if outcome.state == "deferred" and referral.tries < len(WAITS):
        again = clock.now() + WAITS[referral.tries]
        if again < referral.expires_at:
            return again
    end(pk, ending="accepted" if outcome.state == "accepted" else "refused")
    return None


def _deliver(referral: Referral) -> Outcome | None:
    """What the receiving side said; None if whoever reads the address has refused meanwhile."""
    with deposit(row=referral.pk, actor=WORKER, touchpoint=INVITE):
        given = [Given(*item) for item in referral.content]
        to = address(given)
        with collect(actor=WORKER, touchpoint=INVITE, data=[EMAIL]) as point:
            if unwelcome(to):
                return None
            digest = mark(point.opening, EMAIL, to).hex()
        built, envelope = letter("referral/mail/invitation.md", _context(given, digest), to=to)
        return transport().deliver(built, sender=envelope, to=to)


def _context(given: list[Given], digest: str) -> dict[str, object]:
    published = current()
    company = published.policy.company
    token = links.sign(NO_MORE, digest)
    return {
        "company": company,
        "service": company.service.rstrip(".") if company.service else "",
        "friend": friend(given),
        "sender": sender(given),
        "days": LIFE.days,
        "clause": published.rules.touchpoints[INVITE].clause,
        "site": company.website or links.absolute("/"),
        "no_more": links.absolute(reverse("referral:no-more", args=[token])),
    }
