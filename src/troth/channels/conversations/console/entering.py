"""Entering a telephone call or a letter: the notice to read out, who it was, what it was about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from troth.channels.conversations import actions, queries
from troth.channels.conversations.console import listing, wording
from troth.channels.conversations.console.inbox import around
from troth.channels.conversations.models import Conversation
from troth.channels.forms.api import TouchpointForm, form_class
from troth.core.errors import Missing, Refusal
from troth.core.notices.versions import current
from troth.core.people.records import Given

TOUCHPOINTS: Final = {"call": "tickets.call", "letter": "tickets.mail"}
WORDS: Final = "user.content"
TITLES: Final = {"call": "Enter a call", "letter": "Enter a letter"}
FINDING: Final = ("user.contact.email", "user.contact.phone_number")
OWN: Final = frozenset({"client_id", "csrfmiddlewaretoken", "told"})


@dataclass(frozen=True, slots=True)
class Entry:
    """What a filled-in form holds: who it was, and the words apart from that."""

    given: list[Given]
    text: str


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Any, way: str) -> HttpResponse:
    key = TOUCHPOINTS.get(way)
    touchpoint = current().rules.touchpoints.get(key or "")
    if touchpoint is None:
        raise Missing(
            "Nothing of this kind may be entered.",
            why="The policy in force collects nothing at such a touchpoint.",
            do="Publish a policy that has one.",
        )
    looks = request.POST.get("do") == "find"
    form = _form(way, request.POST if request.method == "POST" and not looks else None)
    context: dict[str, Any] = {"way": way, "title": TITLES[way], "touchpoint": touchpoint}
    status = 200
    if form.is_bound and form.is_valid():
        try:
            found = _enter(request, way, form)
        except Refusal as refusal:
            context["refused"], status = refusal, refusal.status
        else:
            messages.success(request, f"Entered as #{found.number}. It is yours.")
            return redirect("conversations:conversation", ref=found.ref)
    elif form.is_bound:
        status = 422
    rules = current().rules
    context |= {
        "form": form,
        "rows": [(form[name], form.clause_of(name)) for name in form.fields if name != "told"],
        "purposes": [rules.purposes[key] for key in touchpoint.purposes],
        "informs": rules.informs_at(touchpoint.key),
        "client_id": request.POST.get("client_id") or uuid4(),
        "looked_up": _look_up(request) if looks else None,
        "find": request.POST.get("find", "") if looks else "",
    }
    return render(request, "conversations/new.html", around(request) | context, status=status)


def _form(way: str, data: Any) -> TouchpointForm:
    """The touchpoint's fields; no choice is made for a person who is not at the page."""
    rules = current().rules
    touchpoint = rules.touchpoints[TOUCHPOINTS[way]]
    base = form_class(touchpoint, rules)
    boxes = {
        name: None
        for name, field in base.base_fields.items()
        if isinstance(field, forms.BooleanField)
    }
    told = "I read the notice to them" if way == "call" else "The notice goes out with our answer"
    extra = {
        "told": forms.BooleanField(
            label=told, error_messages={"required": "People are told before anything is noted."}
        )
    }
    members = {**boxes, **(extra if way == "call" else {}), "technical": OWN}
    made: type[TouchpointForm] = type("Entry", (base,), members)
    form = made(data)
    for field in form.fields.values():
        field.widget.attrs["autocomplete"] = "off"  # the browser is the member's, the data is not
        field.label = wording.theirs(str(field.label))
        field.help_text = ""  # it speaks to the person
    return form


def _read(form: TouchpointForm) -> Entry:
    given = form.given()
    words = [one.text for one in given if one.category.startswith(WORDS)]
    return Entry([one for one in given if not one.category.startswith(WORDS)], "\n\n".join(words))


def _enter(request: Any, way: str, form: TouchpointForm) -> Conversation:
    entry = _read(form)
    try:
        client_id = UUID(request.POST.get("client_id", ""))
    except ValueError:
        client_id = uuid4()
    return actions.open_by_hand(
        actor=request.actor, way=way, given=entry.given, text=entry.text, client_id=client_id
    )


def _look_up(request: Any) -> dict[str, Any] | None:
    """Whether somebody is known by exactly this address or number: on the ledger, in no address."""
    find = request.POST.get("find", "").strip()[:200]
    if not find:
        return None
    try:
        rows = queries.search_people(find, actor=request.actor)
    except Refusal as refusal:
        return {"refused": refusal}
    refs = [row.ref for row in rows]
    found = Conversation.objects.filter(ref__in=refs).select_related(
        "queue", "assignee__role", "person__root"
    )
    people: dict[str, list[Any]] = {}
    for one in found:
        listing.dress(one, request.member.ref)
        people.setdefault(wording.person_label(one.person.root), []).append(one)
    return {"people": people.items(), "address": "@" in find}
