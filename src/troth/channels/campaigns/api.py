"""The channel's door for other parts."""

from __future__ import annotations

from troth.channels.campaigns.queries import archived
from troth.channels.campaigns.received import Received, received
from troth.channels.campaigns.receiving import on_reply
from troth.channels.campaigns.suppression import bounced, undeliverable

__all__ = ["Received", "archived", "bounced", "on_reply", "received", "undeliverable"]
