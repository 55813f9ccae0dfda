"""Campaigns marked public: each as a page for everybody, without anything personal in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.safestring import SafeString, mark_safe

from troth.channels.campaigns import queries
from troth.channels.campaigns.content import SLOT, as_html
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.moving import CampaignMissing
from troth.channels.campaigns.purposes import slots
from troth.core.notices.versions import current

READABLE: Final = (Campaign.State.SENDING, Campaign.State.PAUSED, Campaign.State.DONE)
IN_FEED: Final = 20
_NAME: Final = "user.name"
_PICTURE: Final = re.compile(r"<img\b[^>]*>")
_ATTRIBUTE: Final = re.compile(r'\b(alt|src)="([^"]*)"')
_HEADING: Final = re.compile(r"<(/?)h([1-5])>")


@dataclass(frozen=True, slots=True)
class Page:
    """A letter as anybody may read it."""

    ref: str
    subject: str
    at: datetime
    purpose: str
    clause: str
    version: str
    body: SafeString


def readable(ref: str) -> Campaign:
    """One that its author marked public, from the moment its first copy may have left.

    Raises `CampaignMissing`, the same whether it is private, not sent, or none.
    """
    found = Campaign.objects.filter(ref=ref, in_archive=True, state__in=READABLE).first()
    if found is None:
        raise CampaignMissing(
            "There is no such letter here.",
            why="It is not public, or was never sent.",
            do="Look at the list of letters.",
        )
    return found


def archived() -> QuerySet[Campaign]:
    """All that were sent to the end and are public, newest first."""
    return queries.archived()


def page(campaign: Campaign) -> Page:
    """The letter with words for everybody in the place of its slots."""
    known = current().rules.purposes.get(campaign.purpose)
    return Page(
        campaign.ref,
        impersonal(campaign.subject, campaign.purpose),
        campaign.frozen_at or campaign.created_at,
        known.label if known else campaign.purpose,
        campaign.clause,
        campaign.version,
        _body(campaign),
    )


def impersonal(text: str, purpose: str) -> str:
    """The text with each slot as its other words, or as what one calls a reader."""
    known = slots(purpose) if purpose in current().rules.purposes else {}

    def words(match: re.Match[str]) -> str:
        slot = known.get(match[1])
        return match[2] or ("reader" if slot and slot.category.startswith(_NAME) else "…")

    return SLOT.sub(words, text)


def feed(*, name: str, home: str, base: str) -> str:
    """RSS 2.0 with absolute links; `base` is the site's address without a path."""
    made = Rss201rev2Feed(
        title=f"Letters of {name}",
        link=f"{base}{home}",
        description=f"What {name} sends to those who said yes, for everybody to read.",
        language=current().policy.language,
        feed_url=f"{base}{home}feed.xml",
    )
    for campaign in archived()[:IN_FEED]:
        letter = page(campaign)
        address = f"{base}{home}{letter.ref}"
        made.add_item(
            title=letter.subject,
            link=address,
            description=str(letter.body),
            pubdate=letter.at,
            unique_id=address,
            categories=[letter.purpose],
        )
    return str(made.writeString("utf-8"))


def _body(campaign: Campaign) -> SafeString:
    text = as_html(impersonal(campaign.body, campaign.purpose), campaign.format)
    text = _PICTURE.sub(_linked, text)  # type: ignore[assignment] # our pages ask no other origin
    return mark_safe(_HEADING.sub(_lower, text))  # noqa: S308 - as_html made it safe


def _linked(match: re.Match[str]) -> str:
    found = dict(_ATTRIBUTE.findall(match[0]))
    words = found.get("alt") or "Picture"
    if not found.get("src", "").startswith("https://"):
        return words
    return f'<a href="{found["src"]}" rel="noopener noreferrer">{words}</a>'


def _lower(match: re.Match[str]) -> str:
    return f"<{match[1]}h{int(match[2]) + 1}>"


__all__ = ["Page", "archived", "feed", "impersonal", "page", "readable"]
