"""Making one conversation of two, and two of one: each with a look first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from troth.channels.conversations import actions, queries
from troth.channels.conversations.console import listing
from troth.channels.conversations.console.changing import numbered
from troth.channels.conversations.console.inbox import around
from troth.channels.conversations.console.showing import about
from troth.channels.conversations.console.writing import behind, found_url
from troth.channels.conversations.models import Conversation, Message
from troth.channels.conversations.refusals import StaleDenied
from troth.core.errors import Missing, Refusal


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: Any, ref: str) -> HttpResponse:
    """Go on in another conversation of the same person."""
    found = queries.by_ref(ref)
    context: dict[str, Any] = {"number": request.GET.get("number", "")}
    status = 200
    try:
        given = request.POST.get("number") or request.GET.get("number", "")
        other = numbered(given) if given else None
        if request.method == "POST" and other is not None:
            revision = int(request.POST.get("revision") or 0) or None
            actions.merge_conversations(found, actor=request.actor, into=other, revision=revision)
            messages.success(request, f"#{found.number} goes on in #{other.number}.")
            return redirect(found_url(request, other))
        if other is not None:
            listing.dress(other, request.member.ref)
            context["other"] = other
    except StaleDenied as stale:
        return behind(request, found, stale)
    except Refusal as refusal:
        context["refused"], status = refusal, refusal.status
    context["candidates"] = _candidates(request, found)
    context |= around(request) | about(request, found)
    return render(request, "conversations/merge.html", context, status=status)


def _candidates(request: Any, found: Conversation) -> list[Any]:
    """Other conversations of the same person."""
    rows = listing.listed().filter(person__root_id=found.person.root_id).exclude(pk=found.pk)
    rows = rows.select_related("queue", "assignee__role", "person__root").order_by("-changed_at")
    return [listing.dress(row, request.member.ref) for row in rows[:10]]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: Any, ref: str, message: UUID) -> HttpResponse:
    """Make a conversation of its own of all from one message on."""
    found = queries.by_ref(ref)
    first = Message.objects.filter(conversation=found, pk=message).first()
    if first is None:
        raise Missing("There is no such message here.", why="It was moved or erased meanwhile.")
    if request.method == "POST":
        revision = int(request.POST.get("revision") or 0) or None
        try:
            made = actions.split(found, actor=request.actor, message=first, revision=revision)
        except StaleDenied as stale:
            return behind(request, found, stale)
        messages.success(request, f"Split off: this is #{made.number}.")
        return redirect(found_url(request, made))
    moved = Message.objects.filter(conversation=found, seq__gte=first.seq).count()
    context = around(request) | about(request, found) | {"first": first, "moved": moved}
    return render(request, "conversations/split.html", context)
