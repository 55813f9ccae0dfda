"""The channel's door for other parts."""

from __future__ import annotations

from troth.channels.campaigns.queries import archived
from troth.channels.campaigns.received import Received, received
from troth.channels.campaigns.receiving import on_reply

__all__ = ["Received", "archived", "on_reply", "received"]
