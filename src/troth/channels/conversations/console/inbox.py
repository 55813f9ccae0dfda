"""The list alone, changes to many at once, saved views."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from troth.channels.conversations import actions, queries, reading
from troth.channels.conversations.actions.setting_up import NEED
from troth.channels.conversations.console import listing
from troth.channels.conversations.models import Conversation, Presence, Queue, SavedView
from troth.core.errors import Invalid, Missing, Refusal
from troth.core.staff.models import Membership
from troth.kit import refusals
from troth.kit.words import plural

MOST: Final = 100
BESIDE: Final = frozenset({"main", "talk", "thread", "talk-secure"})
"""Targets of htmx for which the list is left as it is."""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: Any) -> HttpResponse:
    """The list. Words to search come by POST, so that they stand in no address and no log."""
    if request.method == "POST":
        words = request.POST.get("q", "").strip()[:200]
        if listing.plain(words) or not words:
            query = urlencode({"view": "active", "q": words} if words else {"view": "active"})
            return redirect(f"{reverse('conversations:inbox')}?{query}")
        request.searched = words
    context = around(request) | {"open_ref": request.GET.get("open", "")[:40]}
    return render(request, "conversations/inbox.html", context)


def around(request: Any) -> dict[str, Any]:
    """What every page of the inbox shows beside its own: the list and the member's presence."""
    words = listing.asked(request).words
    only, left, denied = None, 0, None
    if request.htmx and request.htmx.target in BESIDE:
        only = list[UUID]()  # the list stands there already
    elif words:
        try:
            hits = queries.search(words, actor=request.actor)
        except Refusal as refusal:
            only, denied = [], refusals.of(refusal)
        else:
            refs, left = [row.ref for row in hits], hits.left
            only = list(Conversation.objects.filter(ref__in=refs).values_list("pk", flat=True))
    context = listing.around(request, only=only)
    own = [row for row in context["page"] if row.mine]
    # What the page fetches by itself opens nothing: it keeps the subjects that it has.
    asked_for = own and not by_itself(request)
    subjects = reading.subjects(own, actor=request.actor) if asked_for else {}
    for row in own:
        row.subject = subjects.get(row.pk, "")
    return context | {
        "search_denied": denied,
        "search_left": left,
        "searched": bool(getattr(request, "searched", "")),
        "presence": Presence.objects.filter(member=request.member).first(),
        "entries": entries(),
        "may_set_up": NEED in request.actor.abilities,
    }


def by_itself(request: Any) -> bool:
    """Whether the page's script asks, and nobody has pressed anything."""
    return bool(request.htmx and not request.htmx.boosted)


def entries() -> dict[str, bool]:
    """What can be entered by hand under the policy in force."""
    ways = queries.ways()
    return {"call": "tickets.call" in ways, "letter": "tickets.mail" in ways}


@require_POST
def bulk(request: Any) -> HttpResponse:
    """One change to all that were chosen; each stands for itself."""
    refs = request.POST.getlist("ref")[:MOST]
    verb, _, value = request.POST.get("do", "").partition(":")
    back = reverse("conversations:inbox") + _back(request.POST.get("back", ""))
    if not refs or not verb:
        messages.warning(request, "Choose conversations, and what to do with them.")
        return redirect(back)
    name, given = _meant(verb, value)
    outcome = actions.bulk(refs, actor=request.actor, verb=name, **given)
    if outcome.done:
        messages.success(request, f"{plural(outcome.done, 'conversation')} changed.")
    if outcome.refused:
        why = next(iter(outcome.refused.values()))
        left = plural(len(outcome.refused), "conversation")
        messages.warning(request, f"{left} unchanged: {why}")
    return redirect(back)


def _meant(verb: str, value: str) -> tuple[str, dict[str, Any]]:
    """The verb of `actions.bulk` and what it takes."""
    match verb:
        case "assign":
            return "assign", {"to": member(value)}
        case "release":
            return "release", {}
        case "state" if value in Conversation.State.values:
            return "set_state", {"state": value}
        case "priority" if value in {"1", "2", "3", "4"}:
            return "set_priority", {"priority": int(value)}
        case "queue":
            return "transfer", {"queue": queue(value)}
        case "tag" if value:
            return "tag", {"name": value[:40]}
    raise Invalid("There is no such change.", do="Use those of the page.")


def member(ref: str) -> Membership:
    """A member who may have conversations. Raises `Missing`."""
    found = Membership.objects.select_related("role").filter(ref=ref).first()
    if found is None or "inbox.read" not in found.role.abilities:
        raise Missing("There is no such member of the staff.", do="Pick one from the list.")
    return found


def queue(ref: str) -> Queue:
    """A queue. Raises `Missing`."""
    found = Queue.objects.filter(ref=ref).first()
    if found is None:
        raise Missing("There is no such queue.", do="Pick one from the list.")
    return found


def _back(query: str) -> str:
    """A list's own query string, and nothing that leads elsewhere."""
    safe = query.startswith("?") and url_has_allowed_host_and_scheme(query, None)
    return query if safe else ""


@require_POST
def save_view(request: Any) -> HttpResponse:
    """Keep the filters of the list under a name."""
    query = QueryDict(request.POST.get("filters", "").removeprefix("?"))
    filters = {key: query[key] for key in ("view", "sort", *listing.FILTERS) if query.get(key)}
    name = request.POST.get("name", "").strip()
    if not name or len(name) > 60:  # noqa: PLR2004 - as the column
        raise Invalid("A view needs a name of up to 60 characters.", do="Go back and give it one.")
    shared = "shared" in request.POST
    view = actions.save_view(None, actor=request.actor, name=name, filters=filters, shared=shared)
    messages.success(request, f"The view “{view.name}” is kept.")
    return redirect(f"{reverse('conversations:inbox')}?saved={view.ref}")


@require_POST
def remove_view(request: Any, ref: str) -> HttpResponse:
    view = SavedView.objects.filter(ref=ref).first()
    if view is None:
        raise Missing("There is no such view.", why="It was removed already.")
    actions.remove_view(view, actor=request.actor)
    messages.success(request, "The view is gone. No conversation changed.")
    return redirect("conversations:inbox")
