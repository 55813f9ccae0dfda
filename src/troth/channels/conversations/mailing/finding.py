"""Which conversation a mail belongs to, and whether its sender has a part in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from troth.channels.conversations.mailing import identities
from troth.channels.conversations.models import Conversation, Message, Participant
from troth.core.keyring.opening import require_search
from troth.core.sealing.blind import blind_index
from troth.kit.inbound.letter import Letter

EMAIL: Final = "user.contact.email"
NUMBER: Final = re.compile(r"\[#(\d{1,9})\]")
By = Literal["", "reference", "number"]


@dataclass(frozen=True, slots=True)
class Named:
    """The conversation a mail names, and by what; none, if it names none of ours."""

    conversation: Conversation | None = None
    by: By = ""


def named(letter: Letter) -> Named:
    """The conversation that a mail's headers name. It proves nothing: both can be copied."""
    marks = [identities.digest(one) for one in letter.references]
    if marks:
        rows = Message.objects.filter(message_id__in=marks).select_related("conversation")
        by_mark = {bytes(row.message_id or b""): row for row in rows.defer("words")}
        for mark in marks:
            if (row := by_mark.get(mark)) is not None:
                return Named(_merged(row.conversation), "reference")
    if (match := NUMBER.search(letter.subject)) is not None:
        found = Conversation.objects.filter(number=int(match[1])).first()
        if found is not None:
            return Named(_merged(found), "number")
    return Named()


def participant(conversation: Conversation, address: str) -> Participant | None:
    """Whoever of its participants has this address. The touchpoint is open."""
    index = blind_index(require_search(EMAIL), EMAIL, address)
    return Participant.objects.filter(conversation=conversation, address_index=index).first()


def _merged(conversation: Conversation) -> Conversation:
    """Where it went on, if it was merged."""
    seen = {conversation.pk}
    while conversation.merged_into is not None and conversation.merged_into_id not in seen:
        conversation = conversation.merged_into
        seen.add(conversation.pk)
    return conversation
