"""What other parts may use of conversations."""

from __future__ import annotations

from troth.channels.conversations.attaching.api import forget_unsent, scan_waiting
from troth.channels.conversations.attaching.images import ImageInvalid, without_metadata
from troth.channels.conversations.attaching.kinds import IMAGES, sniff
from troth.channels.conversations.beside import Matter, matter_of, note_on, offer, tell_them
from troth.channels.conversations.mailing.post import Post
from troth.channels.conversations.masking import WORDS as MASKED, holds_card, mask
from troth.channels.conversations.queries.permitted import is_said
from troth.channels.conversations.upkeep import (
    close_idle,
    end_forms,
    forget_stuck,
    hand_out,
    note_overdue,
)
from troth.channels.conversations.widget.views import script_of

__all__ = [
    "IMAGES",
    "MASKED",
    "ImageInvalid",
    "Matter",
    "Post",
    "close_idle",
    "end_forms",
    "forget_stuck",
    "forget_unsent",
    "hand_out",
    "holds_card",
    "is_said",
    "mask",
    "matter_of",
    "note_on",
    "note_overdue",
    "offer",
    "scan_waiting",
    "script_of",
    "sniff",
    "tell_them",
    "without_metadata",
]
