"""What the company writes down about a customer, for the staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from troth.channels.billing import queries, recording
from troth.channels.billing.wording import dress
from troth.core.errors import Missing
from troth.core.gate import uses
from troth.core.gate.denials import UseDenied
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person


class StatusForm(forms.Form):
    """The state of an account."""

    status = forms.ChoiceField(label="State of the account", choices=[*recording.STATES.items()])


class LogForm(forms.Form):
    """One entry of the log."""

    words = forms.CharField(
        label="What happened",
        max_length=recording.LONGEST,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 3}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: Any, ref: str) -> HttpResponse:
    """State, services and log of one customer; sealed until a purpose is picked."""
    block = recording.block()
    person = Person.objects.select_related("root").filter(ref=ref).first()
    if block is None:
        raise Http404
    if person is None:
        raise Missing("There is no such person.", do="Go to them from one of their orders.")
    did = request.POST.get("do", "")
    status = StatusForm(request.POST if did == "status" else None)
    log = LogForm(request.POST if did == "log" else None)
    if did == "status" and status.is_valid():
        recording.set_status(person, status.cleaned_data["status"], actor=request.actor)
        return _noted(request, ref)
    if did == "log" and log.is_valid():
        recording.add_to_log(person, log.cleaned_data["words"], actor=request.actor)
        return _noted(request, ref)
    held = recording.held(person)
    values, denied = _values(request, person, held)
    labels = {key: one.label for key, one in current().policy.elements.items()}
    context = {
        "person": person,
        "block": block,
        "rows": [(one, labels.get(one.name, one.name), values.get(one.pk)) for one in held],
        "denied": denied,
        "orders": [dress(order) for order in queries.orders_of(person)[:20]],
        "status": status,
        "log": log,
    }
    code = 422 if status.is_bound or log.is_bound else 200
    return render(request, "billing/console/record.html", context, status=code)


def _noted(request: Any, ref: str) -> HttpResponse:
    messages.success(request, "Written down. They can read it in their data.")
    return redirect("billing:record", ref)


def _values(
    request: Any, person: Person, held: list[Element]
) -> tuple[dict[Any, str], UseDenied | None]:
    if request.purpose is None or not held:
        return {}, None
    asked = sorted({one.category for one in held})
    key = request.purpose.key
    reached = [c for c in asked if current().rules.find("use", key, c).allowed]
    try:
        with uses.use(actor=request.actor, purpose=key, person=person, data=reached or asked):
            values = {one.pk: one.value for one in held}
            return {pk: text for pk, text in values.items() if isinstance(text, str)}, None
    except UseDenied as denied:
        return {}, denied
