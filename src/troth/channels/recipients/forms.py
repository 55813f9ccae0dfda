from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from troth.core import clock
from troth.core.recipients.models import Bond, Suspension
from troth.policy import words
from troth.policy.effects import LEVELS


class BondForm(forms.Form):
    """What a recipient showed or assured."""

    kind = forms.ChoiceField(label="What", choices=Bond.Kind.choices)
    level = forms.ChoiceField(
        label="How strongly, as attested",
        required=False,
        choices=[("", "—"), *((key, f"{key}: {LEVELS[key]}") for key in words.LEVELS)],
    )
    document = forms.CharField(label="Name of the document", max_length=120)
    given_on = forms.DateField(
        label="Given on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label="First day it no longer holds",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        security = found.get("kind") == Bond.Kind.SECURITY
        if security and not found.get("level"):
            self.add_error("level", "An attestation says how strongly.")
        if not security:
            found["level"] = ""
        given, until = found.get("given_on"), found.get("until")
        if isinstance(given, date) and given > clock.now().date():
            self.add_error("given_on", "This day has not come yet.")
        if isinstance(given, date) and isinstance(until, date) and until <= given:
            self.add_error("until", "It has to end after it was given.")
        return found


class SuspendForm(forms.Form):
    """Why a recipient gets nothing any more."""

    ground = forms.ChoiceField(label="What is wrong", choices=Suspension.Ground.choices)


class ListForm(forms.Form):
    """A list for one purpose: the columns asked for."""

    purpose = forms.ChoiceField(label="For which purpose")
    column = forms.MultipleChoiceField(
        label="Columns asked for", widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        purposes: Sequence[tuple[str, str]],
        columns: Sequence[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]
        self.fields["column"].choices = columns  # type: ignore[attr-defined]
