"""Queues: who takes from them, by turns or not, and within what time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from troth.channels.conversations.actions import setting_up
from troth.channels.conversations.console import wording
from troth.channels.conversations.console.desk import places
from troth.channels.conversations.console.inbox import queue as by_ref
from troth.channels.conversations.console.listing import colleagues
from troth.channels.conversations.models import Queue, QueueMember
from troth.core.errors import Refusal
from troth.core.staff.models import Membership
from troth.kit.words import plural

WAYS = [(key, word) for key, (word, _) in wording.WAYS.items()]


class QueueForm(forms.Form):
    """A queue as a form; minutes are counted in the desk's hours."""

    name = forms.CharField(
        label="Name", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    takes = forms.MultipleChoiceField(
        label="Takes by itself",
        help_text="What comes in these ways goes here. Without any, it is filled by hand.",
        choices=WAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    round_robin = forms.BooleanField(
        label="Give by turns",
        help_text="Who is available and has room gets the next one. Otherwise people take.",
        required=False,
    )
    most = forms.IntegerField(
        label="Open chats one member has at most", min_value=1, max_value=50, initial=5
    )
    first_answer_minutes = forms.IntegerField(
        label="First answer within, minutes", min_value=1, max_value=100_000, required=False
    )
    next_answer_minutes = forms.IntegerField(
        label="Each further answer within, minutes", min_value=1, max_value=100_000, required=False
    )
    solve_minutes = forms.IntegerField(
        label="Solved within, minutes", min_value=1, max_value=1_000_000, required=False
    )
    order = forms.IntegerField(
        label="Place in the list", min_value=0, max_value=1000, initial=0, required=False
    )
    members = forms.MultipleChoiceField(
        label="Who takes from it", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].choices = people  # type: ignore[attr-defined]


@never_cache
@require_safe
def queues(request: Any) -> HttpResponse:
    names = {one.ref: one.label for one in colleagues(request)}
    found = list(Queue.objects.annotate(many=Count("conversations")))
    for row in found:
        refs = QueueMember.objects.filter(queue=row).values_list("member__ref", flat=True)
        row.people = [names.get(ref, "former staff") for ref in refs]  # type: ignore[attr-defined]
        row.targets = _targets(row)  # type: ignore[attr-defined]
        row.ways = [word for key, word in WAYS if key in row.takes]  # type: ignore[attr-defined]
    context = {"rows": found, "places": places(request, "queues")}
    return render(request, "conversations/settings/queues.html", context)


def _targets(row: Queue) -> list[str]:
    """Its targets in words."""
    kinds = (
        ("first answer", row.first_answer_minutes),
        ("next", row.next_answer_minutes),
        ("solved", row.solve_minutes),
    )
    return [f"{what} in {minutes_in_words(many)}" for what, many in kinds if many]


def minutes_in_words(many: int) -> str:
    """`90 minutes`, `2 hours`: hours where they come out even."""
    hours, rest = divmod(many, 60)
    return plural(many, "minute") if rest or not hours else plural(hours, "hour")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: Any, ref: str = "") -> HttpResponse:
    """One queue, or a new one."""
    found = by_ref(ref) if ref else None
    people = [(one.ref, one.label) for one in colleagues(request)]
    context: dict[str, Any] = {"queue": found, "places": places(request, "queues")}
    form = QueueForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(found) if found else None,
        people=people,
    )
    status = 200
    try:
        if request.POST.get("do") == "remove" and found is not None:
            setting_up.remove_queue(found, actor=request.actor)
            messages.success(request, "The queue is gone.")
            return redirect("conversations:queues")
        if form.is_bound and form.is_valid():
            setting_up.set_queue(found, actor=request.actor, given=_given(form.cleaned_data))
            messages.success(request, "The queue is as you set it.")
            return redirect("conversations:queues")
        status = 422 if form.is_bound else 200
    except Refusal as refusal:
        context["refused"], status = refusal, refusal.status
    context["form"] = form
    return render(request, "conversations/settings/queue.html", context, status=status)


def _initial(found: Queue) -> dict[str, Any]:
    names = (
        *("name", "takes", "round_robin", "most", "first_answer_minutes", "next_answer_minutes"),
        *("solve_minutes", "order"),
    )
    refs = QueueMember.objects.filter(queue=found).values_list("member__ref", flat=True)
    return {name: getattr(found, name) for name in names} | {"members": list(refs)}


def _given(cleaned: dict[str, Any]) -> setting_up.QueueGiven:
    members = Membership.objects.filter(ref__in=cleaned["members"])
    return setting_up.QueueGiven(
        **{**cleaned, "order": cleaned["order"] or 0, "members": list(members)}
    )
