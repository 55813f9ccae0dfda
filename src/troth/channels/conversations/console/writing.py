"""Answers and notes, ready-made replies without JavaScript, and secure forms."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from troth.channels.conversations import actions, queries
from troth.channels.conversations.attaching import api as attaching
from troth.channels.conversations.console import uploads, wording
from troth.channels.conversations.console.inbox import around
from troth.channels.conversations.console.listing import kept
from troth.channels.conversations.console.showing import about, shown
from troth.channels.conversations.models import CannedReply, Conversation, Message
from troth.channels.conversations.refusals import StaleDenied
from troth.core.errors import Refusal

LONGEST: Final = 20_000  # characters
AFTER: Final = ("open", "solved", "hold")
ASKS: Final = 6


@csrf_exempt  # only until the handler is set: looking for the token reads the files
@never_cache
def write(request: Any, ref: str) -> HttpResponse:
    """An answer or a note; with `do=insert` a ready-made reply is put into what was typed."""
    if request.method == "POST":
        limit = queries.desk().attachments_mb * 1024 * 1024
        request.upload_handlers = [uploads.TakeFiles(request, limit)]
    return _write(request, ref)


@csrf_protect
@require_POST
def _write(request: Any, ref: str) -> HttpResponse:
    found = queries.by_ref(ref)
    text = request.POST.get("text", "")[:LONGEST].strip()
    kind = "note" if request.POST.get("kind") == "note" else "reply"
    typed = {"draft": text, "kind": kind}
    if request.POST.get("do") == "insert":
        reply = CannedReply.objects.filter(short=request.POST.get("canned", "")).first()
        typed["draft"] = "\n".join(filter(None, (text, reply.text if reply else "")))
        return shown(request, found, **typed)
    if why := _wrong(request, text):
        return shown(request, found, status=422, wrong=why, **typed)
    try:
        message = _say(request, found, kind, text)
    except StaleDenied as stale:
        return behind(request, found, stale, **typed)
    except Refusal as refusal:
        return shown(request, found, status=refusal.status, refused=refusal, **typed)
    if message.masked:
        what = wording.masked(message.masked)
        messages.warning(request, f"Masked before it was stored: {what}. Nobody can read it.")
    if kind == "reply":
        _then(request, found)
    return redirect(found_url(request, found))


def _wrong(request: Any, text: str) -> str:
    """What keeps this from being sent, in words."""
    if refused := request.META.get(uploads.REFUSED):
        size = queries.desk().attachments_mb
        most = f"At most {uploads.MOST} files go with one answer."
        return most if refused == "many" else f"A file is larger than {size} MB."
    if not text and not request.FILES:
        return "There is nothing in it yet."
    return ""


def _say(request: Any, found: Conversation, kind: str, text: str) -> Message:
    seen = request.POST.get("seen", "")
    files = [
        attaching.of_staff(file.name, file.read(), conversation=found, actor=request.actor).pk
        for file in request.FILES.getlist("files")
    ]
    return actions.write(
        found,
        actor=request.actor,
        side=Message.Side.NOTE if kind == "note" else Message.Side.STAFF,
        text=text,
        client_id=_client_id(request),
        seen=int(seen) if seen.isdecimal() and seen.isascii() else None,
        attachments=files,
    )


def _client_id(request: Any) -> UUID:
    """The page's own id of the message: sending twice writes once."""
    try:
        return UUID(request.POST.get("client_id", ""))
    except ValueError:
        return uuid4()


def _then(request: Any, found: Conversation) -> None:
    """What was asked to happen after it, other than waiting for them."""
    then = request.POST.get("then", "")
    if then in AFTER:
        found = queries.by_ref(found.ref)
        actions.set_state(found, actor=request.actor, state=then, revision=None)


def found_url(request: Any, found: Conversation) -> str:
    """The page of the conversation with the list as it was."""
    return reverse("conversations:conversation", args=[found.ref]) + kept(request)


def behind(request: Any, found: Conversation, stale: StaleDenied, **typed: Any) -> HttpResponse:
    """The page after somebody else was faster: what happened meanwhile, and what was typed."""
    names, me = wording.members(), request.member.ref
    meanwhile = [
        {"when": event.happened_at, "text": wording.told(event, names, me)} for event in stale.since
    ]
    fresh = queries.by_ref(found.ref)
    return shown(request, fresh, status=409, stale=stale, meanwhile=meanwhile, **typed)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def secure(request: Any, ref: str) -> HttpResponse:
    """Ask for something sensitive: readable while the chat lasts, gone after it."""
    found = queries.by_ref(ref)
    wrong = ""
    if request.method == "POST":
        asks = [one.strip()[:60] for one in request.POST.getlist("ask")[:ASKS] if one.strip()]
        if asks:
            actions.ask_securely(found, actor=request.actor, asks=asks)
            messages.success(request, "The form stands in the chat now.")
            return redirect(found_url(request, found))
        wrong = "Name at least one thing to ask for."
    context = around(request) | about(request, found) | {"wrong": wrong, "fields": range(ASKS // 2)}
    return render(request, "conversations/secure.html", context, status=422 if wrong else 200)
