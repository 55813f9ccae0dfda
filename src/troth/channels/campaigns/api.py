"""The channel's door for other parts."""

from __future__ import annotations

from troth.channels.campaigns.received import Received, received

__all__ = ["Received", "received"]
