"""The forms in which a case is opened and people are named."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django import forms

from troth.channels.cases import wording
from troth.channels.cases.finding import people_of
from troth.core import clock
from troth.core.actors import Actor
from troth.core.cases.clauses import Openable
from troth.core.people.models import Person

WORDS: Final = 5000
_DAY: Final = {"type": "date"}


def _area(label: str, hint: str = "", *, rows: int = 4, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _day(label: str, hint: str = "", *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs=_DAY)
    return forms.DateField(label=label, help_text=hint, required=required, widget=widget)


class PeopleForm(forms.Form):
    """People, one a line."""

    people = _area("People", "One a line: an e-mail address, or their number in the console.")

    def __init__(self, *args: Any, purpose: str, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose, self.actor = purpose, actor
        self.named: list[Person] = []

    def clean_people(self) -> str:
        text: str = self.cleaned_data["people"]
        self.named, unknown = people_of(text, purpose=self.purpose, actor=self.actor)
        if unknown:
            lines = ", ".join(map(str, unknown))
            raise forms.ValidationError(f"Nobody is known by what stands in line {lines}.")
        return text


class CaseForm(PeopleForm):
    """A case under one clause: it asks for what the clause asks for."""

    def __init__(self, found: Openable, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, purpose=found.purpose, **kwargs)
        self.found = found
        self.fields["people"].required = False
        grounds = [(key, wording.ground(key)) for key in found.grounds]
        self.fields["ground"] = forms.ChoiceField(
            label="Ground", choices=grounds, widget=forms.RadioSelect
        )
        parties = [(one.key, one.name or one.key) for one in found.recipients]
        self.fields["recipient"] = forms.ChoiceField(label="Goes to", choices=parties)
        for writing in found.writings:
            rows = 2 if writing.key in ("authority", "acquirer") else 4
            self.fields[writing.key] = _area(writing.label, writing.hint, rows=rows)
        self.fields["categories"] = forms.MultipleChoiceField(
            label="Which data",
            choices=[(key, wording.data(key)) for key in found.categories],
            widget=forms.CheckboxSelectMultiple,
        )
        self._add_days()
        if found.kind == "transfer":
            del self.fields["people"]
        order = ["ground", "recipient", *(one.key for one in found.writings), "people"]
        self.order_fields([*order, "categories", "since", "until", "ends", "silent"])

    def _add_days(self) -> None:
        fields: Any = self.fields
        if self.found.kind != "transfer":
            fields["since"] = _day("Collected from", "Empty: from the beginning.")
            fields["until"] = _day("Collected to", "Empty: to the day it is handed over.")
            fields["silent"] = _day(
                "People may not be told before",
                "Only if an order forbids it. Else their own record shows it at once.",
            )
        fields["ends"] = _day("The case ends on", "From then on it opens nothing.", required=True)

    def clean_ends(self) -> date:
        return _ahead(self.cleaned_data["ends"])

    def clean_silent(self) -> date | None:
        found: date | None = self.cleaned_data["silent"]
        return _ahead(found) if found else None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        since, until = found.get("since"), found.get("until")
        if since and until and until < since:
            self.add_error("until", "This is before the day it begins.")
        return found

    def case(self) -> dict[str, Any]:
        """What `draft` takes. Only of a valid form."""
        given = self.cleaned_data
        return {
            "clause": self.found.clause,
            "recipient": given["recipient"],
            "ground": given["ground"],
            "categories": given["categories"],
            "people": self.named,
            "since": _start(given.get("since")),
            "until": _end(given.get("until")),
            "ends_at": _end(given["ends"]),
            "silent_until": _end(given.get("silent")),
            "words": {one.key: given[one.key] for one in self.found.writings},
        }


def _ahead(day: date) -> date:
    today = clock.now().date()
    if day < today:
        raise forms.ValidationError("This day has passed.")
    if day > today + timedelta(days=365):
        raise forms.ValidationError("This is more than a year ahead.")
    return day


def _start(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, UTC) if day else None


def _end(day: date | None) -> datetime | None:
    return datetime.combine(day + timedelta(days=1), time.min, UTC) if day else None


class ReasonForm(forms.Form):
    """Why something is harmful, or why it is not."""

    words = _area("Why", rows=5)


class DocumentForm(forms.Form):
    """One paper."""

    document = forms.FileField(
        label="The document",
        help_text="A PDF, or a picture of the paper (PNG, JPEG, TIFF), up to 10 MB.",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
        widget=forms.FileInput(attrs={"class": "input", "accept": ".pdf,.png,.jpg,.jpeg,.tif"}),
    )
