"""Handing files out: clean ones, to those who may read the conversation, and never to be opened
by the browser in our name.
"""

from __future__ import annotations

from base64 import b64decode
from typing import Final
from urllib.parse import quote

from django.http import HttpResponse

from troth.channels.conversations import queries, reading
from troth.channels.conversations.attaching.keeping import (
    CATEGORY,
    WORDS,
    Prepared,
    keep,
    prepare,
)
from troth.channels.conversations.attaching.scanning import found_in
from troth.channels.conversations.models import Attachment, Conversation
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied, Missing
from troth.core.gate.uses import use

CONTENT_POLICY: Final = "default-src 'none'; sandbox; frame-ancestors 'none'"


class FileMissing(Missing):
    """There is no such file, or not for whoever asks; which, nobody is told."""


class FileDenied(Denied):
    """The file is here and is not handed out: it was refused, or not scanned yet."""

    status = 409


def content(attachment: Attachment, *, actor: Actor) -> tuple[str, bytes]:
    """Name and content of a clean file of a message, on the ledger as a use.

    Staff have to be able to read the conversation; of a visitor the caller has compared the secret.
    Raises `FileMissing`, `FileDenied`, `NotYoursDenied`.
    """
    message = attachment.message
    if message is None or (actor.kind != "staff" and message.side == "note"):
        raise FileMissing("There is no such file.")
    conversation = message.conversation
    if actor.kind == "staff":
        reading.require(_stands(conversation), actor=actor)
    if attachment.state != Attachment.State.CLEAN:
        waiting = attachment.state == Attachment.State.WAITING
        raise FileDenied(
            "This file is not handed out.",
            why="It was not scanned yet." if waiting else f"Refused: {WORDS[attachment.reason]}.",
            do="Try again in a minute." if waiting else "Ask for it to be sent another way.",
        )
    purpose = queries.purpose_of(conversation)
    with use(actor=actor, purpose=purpose, person=attachment.person, data=[CATEGORY]):
        if not isinstance(attachment.name, str):
            raise FileMissing("There is no such file.", why="It was erased.")
        return attachment.name, whole(attachment)


def _stands(conversation: Conversation) -> Conversation:
    """The conversation that it was merged into, if it was."""
    while conversation.merged_into is not None:
        conversation = conversation.merged_into
    return conversation


def refuse_infected(*contents: bytes) -> None:
    """For what is handed out and is no attachment. Raises `FileDenied` for what a scanner finds,
    and `ScannerMissing`: what was not scanned is not handed out.
    """
    if any(found_in(one) for one in contents):
        raise FileDenied(
            "This is not handed out.",
            why=f"Refused: {WORDS['virus']}.",
            do="Ask for it to be sent another way, or destroy it.",
        )


def whole(attachment: Attachment) -> bytes:
    """The parts put together, inside an open use."""
    return b"".join(b64decode(part.content) for part in attachment.parts.order_by("number"))


def answer(attachment: Attachment, *, actor: Actor) -> HttpResponse:
    """The file as a download that no browser opens as a page of this site."""
    name, found = content(attachment, actor=actor)
    response = HttpResponse(found, content_type=attachment.content_type)
    ascii_name = name.encode("ascii", "replace").decode().replace('"', "_").replace("\\", "_")
    response["Content-Disposition"] = (
        f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = CONTENT_POLICY
    response["Cache-Control"] = "private, no-store"
    return response


def of_staff(name: str, found: bytes, *, conversation: Conversation, actor: Actor) -> Attachment:
    """Take a file that staff add to an answer; it has no message until that is sent.

    Raises `FileDenied` for one that is refused: its sender is there to be told.
    """
    reading.require(conversation, actor=actor)
    prepared = prepare(name, found, most=queries.desk().attachments_mb * 1024 * 1024)
    if prepared.reason:
        raise FileDenied("This file was not taken.", why=f"{WORDS[prepared.reason]}.".capitalize())
    return _kept(prepared, conversation, actor=actor)


@action
def _kept(prepared: Prepared, conversation: Conversation, *, actor: Actor) -> Attachment:
    purpose = queries.purpose_of(conversation)
    with use(actor=actor, purpose=purpose, person=conversation.person, data=[CATEGORY]):
        return keep(prepared, person=conversation.person)
