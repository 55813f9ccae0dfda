"""Telling an author by mail that a campaign was rejected, and why."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse

from troth.channels.accounts.api import AccountsMissing, account_purpose
from troth.channels.campaigns import wording
from troth.channels.campaigns.models import Campaign
from troth.core.actors import Actor
from troth.core.staff.models import Membership
from troth.kit import links
from troth.kit.outbox.api import Message, register_mail, send

KIND: Final = "campaigns.rejected"


def register() -> None:
    register_mail(kind=KIND, template="campaigns/mail/rejected.md", context=context)


def tell_author(campaign: Campaign, *, actor: Actor) -> None:
    """Queue the mail, in the transaction of the rejection. Who has left the staff gets none."""
    author = Membership.objects.filter(ref=campaign.author).select_related("user__person").first()
    if author is None:
        return
    try:
        purpose = account_purpose()
    except AccountsMissing:
        return  # nobody can log in: there is no staff to write to
    send(author.user.person, kind=KIND, purpose=purpose, actor=actor, record=campaign.pk)


def context(message: Message) -> dict[str, Any]:
    assert message.record is not None  # `tell_author` gives it
    campaign = Campaign.objects.get(pk=message.record)
    return {
        "campaign": campaign,
        "ground": wording.ground(campaign.ground),
        "url": links.absolute(reverse("campaigns:campaign", args=[campaign.ref])),
    }
