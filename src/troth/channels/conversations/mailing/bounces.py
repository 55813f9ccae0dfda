"""Reports that a mail of ours did not arrive (RFC 3464), put beside the message they are about."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Final
from uuid import UUID

from troth.channels.conversations import actions
from troth.channels.conversations.actions import Draft
from troth.channels.conversations.mailing import acts, desks, identities, raw
from troth.channels.conversations.models import Conversation, Message
from troth.core.actions import action
from troth.kit.inbound import headers, reports
from troth.kit.inbound.letter import read

_TOKEN: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
WORDS: Final = 2_000  # characters of a report that are kept


def attach(content: bytes, token: str) -> bool:
    """Put a report beside the message it is about. Returns whether it was one about ours."""
    parsed = message_from_bytes(content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    found = reports.bounce(parsed)
    message = _about(parsed, token)
    if found is None or message is None:
        return False
    if found.hard:
        returned(message, status=found.status, words=read(content).text[:WORDS])
    return True  # one that says “not yet” is no news: the server goes on trying


@action
def returned(message: Message, *, status: str, words: str) -> None:
    """Note that a message did not arrive, once, and let whoever has it know."""
    held = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if held.delivery == Message.Delivery.BOUNCED:
        return
    held.delivery, held.delivery_status = Message.Delivery.BOUNCED, status[:12]
    held.save(update_fields=["delivery", "delivery_status"])
    conversation = held.conversation
    draft = Draft(
        conversation=conversation.pk,
        actor=raw.SYSTEM,
        side="system",
        said="bounced",
        text=words,
        client_id=UUID(bytes=identities.of_bytes(held.pk.bytes + b"bounced")[:16]),
        automatic=True,
    )
    actions.write_many([draft])
    acts.of_person(acts.RETURNED, held.person, actor=raw.SYSTEM)
    if conversation.state == Conversation.State.WAITING:
        # It waits for somebody who has heard nothing.
        actions.set_state(conversation, actor=raw.SYSTEM, state="open", revision=None)


def _about(parsed: EmailMessage, token: str) -> Message | None:
    """Our message that a report names: by its return path, or by the Message-ID in it."""
    named = list(headers.identities(reports.about(parsed)))
    if _TOKEN.fullmatch(token):
        named.insert(0, f"{token}@{desks.domain()}")
    marks = [identities.digest(one) for one in named[:20]]
    rows = Message.objects.filter(message_id__in=marks).exclude(side=Message.Side.PERSON)
    return rows.defer("words").select_related("conversation", "person").first()
