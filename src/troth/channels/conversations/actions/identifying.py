"""Who it is: a visitor says so, and their chat joins what the policy lets it join."""

from __future__ import annotations

from collections.abc import Sequence

from troth.channels.conversations.models import Conversation
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.people.records import Given


@action
def identify(conversation: Conversation, *, actor: Actor, given: Sequence[Given]) -> Conversation:
    """Take the pre-chat form of a chat. The visitor sees nothing of an earlier record: what was
    typed proves nothing. Raises `PreChatInvalid` where the policy has no such form.
    """
    raise NotImplementedError
