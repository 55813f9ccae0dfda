"""What other parts may use of the community."""

from __future__ import annotations

from troth.channels.community.listing.entries import publish_due
from troth.channels.community.pages import pages

__all__ = ["pages", "publish_due"]
