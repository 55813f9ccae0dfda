"""Files of a chat: sent as they are in the body of a call, and handed out to who may read it."""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from troth.channels.conversations import actions, queries, reading
from troth.channels.conversations.attaching import api as attaching
from troth.channels.conversations.models import Attachment, Conversation, Message
from troth.channels.conversations.widget.crossing import CallInvalid, chat, from_any_site
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.collecting import collect

CATEGORY: Final = "user.content.private"


class FileInvalid(Invalid):
    """The file is not taken; its sender is told why, and nothing of it is kept."""

    status = 422


@from_any_site("POST", what="chat.files")
def send(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a file: its bytes are the body, its `id` (a UUID) stands in the query, and its name, in
    percent-encoding, in a header: addresses are written down on the way.
    """
    found, name = chat(request, ref), unquote(request.headers.get("X-File-Name", ""))
    try:
        client_id = UUID(request.GET.get("id", ""))
    except ValueError:
        raise CallInvalid("`id` is a UUID.") from None
    most = queries.desk().attachments_mb * 1024 * 1024
    content = request.read(most + 1)
    prepared = attaching.prepare(name, content, most=most)
    if prepared.reason:
        raise FileInvalid(
            "This file was not taken.", why=f"Not taken: {attaching.WORDS[prepared.reason]}."
        )
    message = keep(found, prepared, client_id, actor=Actor.visitor())
    return JsonResponse({"seq": message.seq, "id": str(message.client_id)}, status=201)


@action
def keep(
    conversation: Conversation, prepared: attaching.Prepared, client_id: UUID, *, actor: Actor
) -> Message:
    """Write the message that the file is, once for each id."""
    written = Message.objects.filter(conversation=conversation, client_id=client_id).first()
    if written is not None:
        return written
    with collect(actor=actor, touchpoint=conversation.touchpoint, data=[CATEGORY]):
        file = attaching.keep(prepared, person=conversation.person)
    return actions.write(
        conversation,
        actor=actor,
        side=Message.Side.PERSON,
        text=prepared.name,
        client_id=client_id,
        attachments=[file.pk],
    )


@from_any_site("GET")
def of_visitor(request: HttpRequest, file: str) -> HttpResponse:
    """A file of the chat whose reference and secret the call carries."""
    shown = reading.shown_to_visitor(chat(request))
    found = Attachment.objects.filter(ref=file, message__in=shown).first()
    if found is None:
        raise attaching.FileMissing("There is no such file.")
    return attaching.answer(found, actor=Actor.visitor())


@require_safe
def of_staff(request: HttpRequest, file: str) -> HttpResponse:
    """A file for the member who has the conversation, or a grant."""
    found = Attachment.objects.filter(ref=file).select_related("message__conversation").first()
    if found is None:
        raise attaching.FileMissing("There is no such file.")
    return attaching.answer(found, actor=request.actor)  # type: ignore[attr-defined]
