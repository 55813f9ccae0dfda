"""The forms of retention."""

from __future__ import annotations

from typing import Any

from django import forms

from troth.core import clock
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.core.retention.api import Closing
from troth.core.retention.words import GROUNDS


def _day(**options: Any) -> forms.DateField:
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
        **options,
    )


class HoldForm(forms.Form):
    """Why, until when, and what it covers."""

    ground = forms.ChoiceField(
        label="Ground", choices=list(GROUNDS.items()), help_text="It goes on the ledger."
    )
    ends_on = _day(label="Last day", help_text="A hold has an end; set another if it is needed.")
    person = forms.CharField(
        label="Person",
        required=False,
        max_length=32,
        help_text="The reference on their page. Empty: everybody, of the data named below.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    category = forms.ChoiceField(label="Data", required=False)
    touchpoint = forms.ChoiceField(label="Collected at", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = current().rules
        blocks = rules.policy.collects
        categories = sorted({rules.category(name) for one in blocks for name in one.everything})
        fields: Any = self.fields
        fields["category"].choices = [("", "All"), *((key, key) for key in categories)]
        places = sorted({one.at for one in blocks})
        fields["touchpoint"].choices = [("", "Everywhere"), *((key, key) for key in places)]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not any(given.get(key) for key in ("person", "category", "touchpoint")):
            self.add_error("person", "Say what it covers: a person, data, or a place.")
        ends = given.get("ends_on")
        if ends and ends < clock.now().date():
            self.add_error("ends_on", "The last day is over already.")
        return given


class StandingForm(forms.Form):
    """Where somebody stands as a client."""

    standing = forms.ChoiceField(
        label="This person is",
        choices=Person.Standing.choices,
        widget=forms.RadioSelect,
        help_text="For a former client the periods that begin with the end of the contract run.",
    )


class ClosingForm(forms.Form):
    """What ended, and when."""

    what = forms.ChoiceField(label="What ended", choices=Closing.What.choices[:2])
    purpose = forms.ChoiceField(
        label="Which purpose", required=False, help_text="For the end of a purpose."
    )
    on = _day(label="Day", help_text="Periods such as “1 year after contract end” run from it.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        purposes = [(key, one.label) for key, one in current().rules.purposes.items()]
        fields["purpose"].choices = [("", "All"), *purposes]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("on") and given["on"] > clock.now().date():
            self.add_error("on", "It has not ended yet.")
        if given.get("what") == Closing.What.CONTRACT:
            given["purpose"] = ""
        return given
