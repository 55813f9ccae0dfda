"""The order form: the form of forms for the clause's fields, and what of them becomes public."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from troth.channels.domains import names, ordering
from troth.channels.domains.clauses import Place, place
from troth.channels.forms.api import Page, TouchpointForm
from troth.core.actors import Actor

SHOW: Final = "show-"


class NameField(forms.CharField):
    """A domain name in any script, kept as machines write it."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return names.ascii_of(text) if text else ""
        except names.NameInvalid as wrong:
            raise ValidationError(f"{wrong.what} {wrong.do}".strip()) from None


class OrderPage(Page):
    """Ordering a domain."""

    @property
    def place(self) -> Place:
        return place()

    def form(self, data: Any = None) -> TouchpointForm:
        """The clause's fields, and a box for each that its owner may have shown."""
        made, found = super().form(data), self.place
        asked = found.name
        made.fields[asked.key] = NameField(
            label=asked.label,
            help_text=asked.hint,
            max_length=asked.max_length,
            required=asked.required,
        )
        for purpose in found.purposes:
            made.fields.pop(f"yes-{purpose}", None)
        for one in found.showable:
            label = f"Show everybody: {one.field.label}"
            box = forms.BooleanField(label=label, required=False)
            made.fields[SHOW + one.field.key] = box
            made.chips = {**made.chips, SHOW + one.field.key: one.clause}
        return made

    def more(self) -> dict[str, Any]:
        return {"place": self.place, "above": "domains/pieces/public.html"}

    def take(self, request: HttpRequest, form: TouchpointForm, once: str) -> HttpResponse:
        found, said = self.place, form.cleaned_data
        shown = [o.field.key for o in found.showable if said.get(SHOW + o.field.key)]
        if missing := [key for key in shown if not said.get(key)]:
            for key in missing:
                form.add_error(SHOW + key, "There is nothing here to show: fill it in, or untick.")
            return self.show(request, form, nonce=request.POST["nonce"], status=422)
        try:
            ordering.hold_back(actor=Actor.visitor(), given=form.given(), shown=shown, once=once)
        except ordering.TakenInvalid as taken:
            form.add_error(found.name.key, f"{taken.what} {taken.do}")
            token = request.POST["nonce"]
            return self.show(request, form, nonce=token, status=taken.status)
        answer = redirect("domains:asked")
        answer.status_code = 303
        return answer
