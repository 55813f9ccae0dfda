"""Settings of the desk: hours, the chat's first question, the mailbox, replies, tags."""

from __future__ import annotations

import re
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.conversations import queries
from troth.channels.conversations.actions import setting_up
from troth.channels.conversations.mailing import desks
from troth.channels.conversations.models import CannedReply, Desk, Tag
from troth.channels.conversations.permissions import PERMISSIONS
from troth.core.errors import Missing, Refusal
from troth.core.notices.versions import current
from troth.kit.shell import Link

SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})\s*[-\N{EN DASH}]\s*(\d{1,2}):(\d{2})")
FIELDS: Final = (
    *("pre_chat", "greeting", "mailbox", "attachments_mb", "ask_rating", "read_marks"),
    "acknowledge",
)
PLACES: Final = {
    "settings": "Desk",
    "queues": "Queues",
    "canned": "Ready-made replies",
    "tags": "Tags",
    "grants": "Grants",
    "quarantine": "Quarantine",
}


def places(request: Any, here: str) -> list[Link]:
    """The parts of the settings that the member may open, as tabs."""
    able = request.actor.abilities
    return [
        Link(word, reverse(f"conversations:{name}"), name == here)
        for name, word in PLACES.items()
        if PERMISSIONS[f"conversations:{name}"] in able
    ]


class DeskForm(forms.Form):
    """How the desk answers. Hours are a line a day: `9:00-12:00, 13:00-17:00`."""

    pre_chat = forms.ChoiceField(
        label="Before a chat", choices=Desk.PreChat.choices, widget=forms.RadioSelect
    )
    greeting = forms.CharField(
        label="Greeting of the chat",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    mailbox = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]*$",
        label="Mailbox",
        max_length=60,
        help_text="What stands before the @ of the address that mail comes in at.",
        error_messages={"invalid": "Use small letters, digits, full stops, hyphens."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    attachments_mb = forms.IntegerField(label="Largest attachment, MB", min_value=1, max_value=25)
    acknowledge = forms.BooleanField(
        label="Say by mail that a mail came",
        help_text="Once for each conversation, marked as automatic, and never to a machine.",
        required=False,
    )
    ask_rating = forms.BooleanField(label="Ask how it went when it is solved", required=False)
    read_marks = forms.BooleanField(
        label="Show visitors what was read, and see what they read", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, word in WEEKDAYS.items():
            self.fields[f"day_{day}"] = forms.CharField(
                label=str(word),
                max_length=120,
                required=False,
                widget=forms.TextInput(attrs={"placeholder": "closed", "autocomplete": "off"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        hours: dict[str, list[list[str]]] = {}
        for day in WEEKDAYS:
            try:
                hours[str(day)] = spans(cleaned.get(f"day_{day}", ""))
                setting_up.check_hours({str(day): hours[str(day)]})
            except (ValidationError, Refusal) as wrong:
                message = wrong if isinstance(wrong, ValidationError) else wrong.why
                self.add_error(f"day_{day}", message)
        return cleaned | {"hours": hours}


def spans(text: str) -> list[list[str]]:
    """`9:00-12:00, 13:00-17:00` as pairs of times; nothing is a day the desk is closed."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        match = SPAN.fullmatch(part)
        if match is None:
            raise ValidationError("Write times as 09:00-12:00, 13:00-17:30.")
        begins, ends = f"{match[1]:0>2}:{match[2]}", f"{match[3]:0>2}:{match[4]}"
        found.append([begins, ends])
    return found


def _initial(desk: Desk) -> dict[str, Any]:
    days = {
        f"day_{day}": ", ".join(f"{a}-{b}" for a, b in desk.hours.get(str(day), ()))
        for day in WEEKDAYS
    }
    return {name: getattr(desk, name) for name in FIELDS} | days


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: Any) -> HttpResponse:
    desk = queries.desk()
    form = DeskForm(request.POST if request.method == "POST" else None, initial=_initial(desk))
    status = 200
    if form.is_bound and form.is_valid():
        given = {name: form.cleaned_data[name] for name in (*FIELDS, "hours")}
        setting_up.set_desk(desk, actor=request.actor, given=given)
        messages.success(request, "The desk is as you set it.")
        return redirect("conversations:settings")
    if form.is_bound:
        status = 422
    touchpoints = current().rules.touchpoints
    widget = reverse("conversations:widget")
    context = {
        "form": form,
        "days": [form[f"day_{day}"] for day in WEEKDAYS],
        "places": places(request, "settings"),
        "chat": touchpoints.get("chat.message"),
        "asks_first": touchpoints.get("chat.pre-chat"),
        "mail": touchpoints.get("tickets.mail"),
        "address": desks.address(),
        "script": f'<script src="{request.build_absolute_uri(widget)}" async></script>',
    }
    return render(request, "conversations/settings/desk.html", context, status=status)


class CannedForm(forms.Form):
    """A ready-made reply."""

    short = forms.RegexField(
        r"^[\w-]+$",
        label="Word",
        max_length=30,
        help_text="What brings it up after a slash.",
        error_messages={"invalid": "One word: letters, digits, hyphens."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = forms.CharField(
        label="Text",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )


@never_cache
@require_safe
def canned(request: Any) -> HttpResponse:
    context = {"rows": queries.canned(), "places": places(request, "canned")}
    return render(request, "conversations/settings/canned.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def canned_reply(request: Any, pk: UUID | None = None) -> HttpResponse:
    """One ready-made reply, or a new one."""
    found = CannedReply.objects.filter(pk=pk).first() if pk else None
    if pk and found is None:
        raise Missing("There is no such reply.", why="It was removed already.")
    initial = {"short": found.short, "text": found.text} if found else None
    form = CannedForm(request.POST if request.method == "POST" else None, initial=initial)
    context: dict[str, Any] = {"reply": found, "form": form, "places": places(request, "canned")}
    status = 200
    try:
        if request.POST.get("do") == "remove" and found is not None:
            setting_up.remove_canned(found, actor=request.actor)
            messages.success(request, "The reply is gone.")
            return redirect("conversations:canned")
        if form.is_bound and form.is_valid():
            setting_up.set_canned(found, actor=request.actor, **form.cleaned_data)
            messages.success(request, "The reply is kept.")
            return redirect("conversations:canned")
        status = 422 if form.is_bound else 200
    except Refusal as refusal:
        context["refused"], status = refusal, refusal.status
    return render(request, "conversations/settings/canned_reply.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tags(request: Any) -> HttpResponse:
    """All tags with how often each is used; a new name, or gone everywhere."""
    context: dict[str, Any] = {"places": places(request, "tags")}
    status = 200
    if request.method == "POST":
        found = Tag.objects.filter(name=request.POST.get("tag", "")).first()
        name = request.POST.get("name", "").strip()[:40]
        try:
            if found is None:
                raise Missing("There is no such tag.", why="It was removed already.")
            if request.POST.get("do") == "remove":
                setting_up.remove_tag(found, actor=request.actor)
            elif name:
                setting_up.rename_tag(found, actor=request.actor, name=name)
            return redirect("conversations:tags")
        except Refusal as refusal:
            context["refused"], status = refusal, refusal.status
    context["rows"] = Tag.objects.annotate(many=Count("taggings")).order_by("name")
    return render(request, "conversations/settings/tags.html", context, status=status)
