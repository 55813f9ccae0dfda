"""What other parts may use of conversations."""

from __future__ import annotations

from troth.channels.conversations.mailing.post import Post

__all__ = ["Post"]
