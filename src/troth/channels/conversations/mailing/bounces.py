"""Reports that a mail of ours did not arrive (RFC 3464), put beside the message they are about."""

from __future__ import annotations

import hmac
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

_TOKEN: Final = re.compile(r"([0-9a-f]{20})-([0-9a-f]{20})", re.ASCII)


def attach(content: bytes, token: str) -> bool:
    """Note a report beside the message it is about. Returns whether it came to the return path of
    one of ours; what merely names a message is anybody's word.
    """
    message = _returned_to(token)
    if message is None:
        return False
    found = reports.bounce(_parsed(content))
    if found is not None and found.hard:
        returned(message, status=found.status)
    return True  # one that says “not yet” is no news: the server goes on trying


def named(content: bytes) -> Conversation | None:
    """The conversation of the message that a report names, wherever it came in."""
    known = list(headers.identities(reports.about(_parsed(content))))[:20]
    marks = [identities.digest(one) for one in known]
    rows = Message.objects.filter(message_id__in=marks).exclude(side=Message.Side.PERSON)
    row = rows.defer("words").select_related("conversation").first()
    return None if row is None else row.conversation


@action
def returned(message: Message, *, status: str) -> None:
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
        text="",  # the status says it; what a server writes may be anybody's words
        client_id=UUID(bytes=identities.of_bytes(held.pk.bytes + b"bounced")[:16]),
        automatic=True,
    )
    actions.write_many([draft])
    acts.of_person(acts.RETURNED, held.person, actor=raw.SYSTEM)
    if conversation.state == Conversation.State.WAITING:
        # It waits for somebody who has heard nothing.
        actions.set_state(conversation, actor=raw.SYSTEM, state="open", revision=None)


def _returned_to(token: str) -> Message | None:
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    rows = Message.objects.filter(
        message_id=identities.digest(f"{match[1]}@{desks.domain()}"), side=Message.Side.STAFF
    )
    row = rows.defer("words").select_related("conversation", "person").first()
    if row is None or not hmac.compare_digest(identities.return_token(row.pk), match[2]):
        return None
    return row


def _parsed(content: bytes) -> EmailMessage:
    found = message_from_bytes(content, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found
