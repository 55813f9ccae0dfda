"""What other parts may use of conversations."""

from __future__ import annotations

from troth.channels.conversations.mailing.post import Post
from troth.channels.conversations.upkeep import (
    close_idle,
    end_forms,
    forget_stuck,
    hand_out,
    note_overdue,
)

__all__ = ["Post", "close_idle", "end_forms", "forget_stuck", "hand_out", "note_overdue"]
