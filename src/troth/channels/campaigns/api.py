"""The channel's door for other parts."""

from __future__ import annotations

from troth.channels.campaigns.actions import Writing, write
from troth.channels.campaigns.purposes import purposes
from troth.channels.campaigns.queries import archived, page_of
from troth.channels.campaigns.received import Received, received
from troth.channels.campaigns.receiving import on_reply
from troth.channels.campaigns.suppression import bounced, undeliverable

__all__ = [
    "Received",
    "Writing",
    "archived",
    "bounced",
    "on_reply",
    "page_of",
    "purposes",
    "received",
    "undeliverable",
    "write",
]
