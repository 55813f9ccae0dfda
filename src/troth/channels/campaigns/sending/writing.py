"""Writing copies: the campaign compiled once for this process, and filled for each person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from troth.channels.campaigns import content, keys, tokens
from troth.channels.campaigns.conduct import conduct
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.purposes import Slot, is_notice
from troth.channels.campaigns.sending.claiming import Claim
from troth.channels.campaigns.sending.following import followed
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.kit import links
from troth.kit.mail.press import Press, header, named


@dataclass(frozen=True)
class Written:
    """A campaign ready to be filled. `presses` are by subject, and whether opens are followed."""

    presses: Mapping[tuple[str, bool], Press]
    slots: Mapping[str, Slot]
    key: bytes
    base: str
    sender: str
    mailbox: str
    """The domain we receive mail at, or nothing: then answers go to the sender."""
    reply_to: str
    """Where answers go, if the organisation reads them elsewhere."""
    notice: bool
    """Part of the service: no way out of it, and nothing of it is followed."""

    def message(self, claim: Claim, values: Mapping[str, str], *, follow: bool) -> bytes:
        """The copy, signed. `values` has the address as ``@``."""
        token = tokens.short(claim.copy)
        answers = self.reply_to or (f"reply-{token}@{self.mailbox}" if self.mailbox else "")
        reply = [("Reply-To", answers)] if answers else []
        message_id = tokens.message_id(self.key, claim.copy, claim.person)
        if self.notice:
            press = self.press(claim.subject, follow=False)
            return press.message(values, to=values["@"], message_id=message_id, headers=reply)
        leave = f"{self.base}/campaigns/unsubscribe/{token}"
        by_mail = (
            f"mailto:unsubscribe-{token}@{self.mailbox}"
            if self.mailbox
            else f"mailto:{self.sender}?subject=unsubscribe%20{token}"
        )
        mine = {
            **values,
            content.UNSUBSCRIBE: leave,
            content.PREFERENCES: f"{self.base}/preferences/{links.sign('preferences', claim.ref)}",
        }
        if follow:
            mine["_token"] = token
        headers = [
            ("List-Unsubscribe", f"<{leave}>,\r\n <{by_mail}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
            *reply,
        ]
        return self.press(claim.subject, follow=follow).message(
            mine,
            to=values["@"],
            message_id=message_id,
            headers=headers,
        )

    def press(self, subject: str, *, follow: bool) -> Press:
        return self.presses[subject, follow]

    def return_path(self, copy: int) -> str:
        """Where a bounce of this copy comes back to."""
        return f"bounce-{tokens.short(copy)}@{self.mailbox}" if self.mailbox else self.sender


def written(campaign: Campaign) -> Written:
    """The campaign compiled, once for a process and a version of the policy. It can no longer be
    changed when it is frozen.
    """
    return _written(campaign.pk, current().id, campaign.frozen_at)


@lru_cache(maxsize=8)
def _written(campaign_id: UUID, _version: UUID, _frozen: datetime | None) -> Written:
    campaign = Campaign.objects.select_related("layout").get(pk=campaign_id)
    company = current().policy.company
    organisation = Organisation.objects.get(pk=campaign.organisation_id)
    notice = is_notice(campaign.kind, campaign.purpose)
    sender, base = company.privacy_contact, links.absolute("").rstrip("/")
    domain = sender.rpartition("@")[2]
    page = reverse("campaigns:archived", args=[campaign.ref])
    browser = f"{base}{page}" if campaign.in_archive else ""
    subjects = [campaign.subject, campaign.subject_b or campaign.subject]
    letter = content.letter(
        purpose=campaign.purpose,
        subjects=subjects,
        body=campaign.body,
        markup=campaign.format,
        footer=content.footer(campaign.purpose, browser=browser, notice=notice),
        layout=campaign.layout.html if campaign.layout and not notice else "",
    )
    kept = conduct()
    name = campaign.sender_name or kept.sender_name or organisation.name
    label = header(name).decode("ascii") if not name.isascii() else f'"{_quoted(name)}"'
    headers = [("From", named(name, sender))]
    if notice:  # it is no list that one could leave, and no machine need answer it
        headers.append(("Auto-Submitted", "auto-generated"))
    else:
        headers.append(("List-Id", f"{label} <{campaign.purpose}.{organisation.slug}.{domain}>"))
    presses = {
        (subject, follow): Press(
            subject=letter.subjects[subject],
            text=letter.text,
            html=followed(letter.html, base) if follow and not notice else letter.html,
            headers=headers,
            domain=domain,
            signer=keys.signer(domain),
        )
        for subject in "ab"
        for follow in (False, True)
    }
    mailbox = settings.HOME.option("inbound_domain")
    return Written(
        presses, letter.used, bytes(campaign.key), base, sender, mailbox, kept.reply_to, notice
    )


def _quoted(name: str) -> str:
    return name.replace("\\", "\\\\").replace('"', '\\"')
