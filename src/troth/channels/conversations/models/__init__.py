"""Conversations and what belongs to them."""

from troth.channels.conversations.models.attached import Attachment, AttachmentPart
from troth.channels.conversations.models.conversation import (
    Conversation,
    Event,
    Message,
    Participant,
)
from troth.channels.conversations.models.desk import (
    CannedReply,
    Desk,
    FollowUp,
    Link,
    Presence,
    Queue,
    QueueMember,
    SavedView,
    Tag,
    Tagging,
)
from troth.channels.conversations.models.mailed import Forgotten, Held, Outgoing, RawMail
from troth.channels.conversations.models.secure import SecureForm

__all__ = [
    "Attachment",
    "AttachmentPart",
    "CannedReply",
    "Conversation",
    "Desk",
    "Event",
    "FollowUp",
    "Forgotten",
    "Held",
    "Link",
    "Message",
    "Outgoing",
    "Participant",
    "Presence",
    "Queue",
    "QueueMember",
    "RawMail",
    "SavedView",
    "SecureForm",
    "Tag",
    "Tagging",
]
