"""Mail that waits for a decision: held beside a conversation, or stuck in quarantine."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from troth.channels.conversations import queries
from troth.channels.conversations.console import wording
from troth.channels.conversations.console.desk import places
from troth.channels.conversations.console.inbox import around
from troth.channels.conversations.console.showing import about, checks
from troth.channels.conversations.console.writing import found_url
from troth.channels.conversations.mailing import holding, quarantine as stuck_mail
from troth.channels.conversations.models import Held, RawMail
from troth.core.errors import Invalid, Missing, Refusal


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def held(request: Any, ref: str, pk: UUID) -> HttpResponse:
    """A mail that names a conversation and comes from none who takes part: look, then decide."""
    found = queries.by_ref(ref)
    one = Held.objects.filter(conversation=found, pk=pk).select_related("raw").first()
    if one is None:
        raise Missing("This mail is not held any more.", why="Somebody has decided about it.")
    if request.method == "POST":
        told = _decide(request, one)
        messages.success(request, told)
        return redirect(found_url(request, found))
    context: dict[str, Any] = {"held": one, "why": wording.HELD.get(one.why, one.why)}
    try:
        looked = holding.look(one, actor=request.actor)
        context |= {"looked": looked, "checks": checks(looked.checked)}
    except Refusal as refusal:
        context["refused"] = refusal
    context = around(request) | about(request, found) | context
    return render(request, "conversations/held.html", context)


def _decide(request: Any, one: Held) -> str:
    match request.POST.get("do"):
        case "accept":
            holding.accept(one, actor=request.actor)
            return "It joined the conversation, and its sender takes part from now on."
        case "separate":
            holding.separate(one, actor=request.actor)
            return "It became a conversation of its own."
        case "refuse":
            holding.refuse(one, actor=request.actor)
            return "It is destroyed. Nobody was told."
    raise Invalid("There is no such button.", do="Use those of the page.")


@never_cache
@require_safe
def quarantine(request: Any) -> HttpResponse:
    """Mails that could not be made into messages, and block nothing."""
    context = {"rows": stuck_mail.listed(), "places": places(request, "quarantine")}
    return render(request, "conversations/settings/quarantine.html", context)


@require_POST
def stuck(request: Any, ref: str) -> HttpResponse:
    """Try a stuck mail once more, or destroy it."""
    mail = _mail(ref, RawMail.State.QUARANTINE)
    if request.POST.get("do") == "again":
        _again(request, mail)
    elif request.POST.get("do") == "drop":
        stuck_mail.drop(mail, actor=request.actor)
        messages.success(request, "It is destroyed.")
    return redirect("conversations:quarantine")


def _again(request: Any, mail: RawMail) -> None:
    try:
        stuck_mail.again(mail, actor=request.actor)
    except Refusal:
        raise
    except Exception as fault:  # noqa: BLE001 - a mail that breaks its reader may raise anything
        name = type(fault).__name__
        messages.warning(request, f"It failed again ({name}), and stays here.")
    else:
        messages.success(request, "It was taken in.")


@never_cache
@require_safe
def raw(request: Any, ref: str) -> HttpResponse:
    """A mail as it came, to keep: a file that no browser shows.

    One that stands beside a message is for whoever may read the conversation; one in quarantine for
    whoever sets the desk up; any other is not handed out.
    """
    mail = _mail(ref, RawMail.State.QUARANTINE, RawMail.State.UNREADABLE)
    content = stuck_mail.download(mail, actor=request.actor)
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = 'attachment; filename="mail.eml"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _mail(ref: str, *states: RawMail.State) -> RawMail:
    found = RawMail.objects.filter(ref=ref, state__in=states).defer("content").first()
    if found is None:
        raise _gone()
    return found


def _gone() -> Missing:
    return Missing("There is no such mail.", why="It was read or destroyed meanwhile.")
