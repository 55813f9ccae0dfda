"""The forms of the console's pages. What is refused is refused by the actions, in words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from troth.channels.campaigns import wording
from troth.channels.campaigns.actions import HOURS, TRIED
from troth.channels.campaigns.conduct import HIGHEST, LONGEST_NAME, SOFT_DAYS, SOFT_MOST
from troth.channels.campaigns.layout_keeping import kept as kept_layouts
from troth.channels.campaigns.layouts import LONGEST
from troth.channels.campaigns.models import Campaign
from troth.channels.campaigns.purposes import NEWS, NOTICE, purposes, slots
from troth.channels.campaigns.segments import Condition
from troth.core.notices.versions import current
from troth.core.people.models import SEARCHABLE
from troth.policy.blocks import Purpose

PLAIN = {"class": "input", "autocomplete": "off"}


class WritingForm(forms.Form):
    """A campaign as its author writes it. `kind` leaves out what a notice cannot have."""

    name = forms.CharField(
        label="Name",
        max_length=120,
        help_text="For you and your colleagues; nobody who gets it sees it.",
        widget=forms.TextInput(attrs=PLAIN),
    )
    purpose = forms.ChoiceField(label="What it is for", widget=forms.RadioSelect)
    subject = forms.CharField(label="Subject", max_length=200, widget=forms.TextInput(attrs=PLAIN))
    subject_b = forms.CharField(
        label="A second subject",
        max_length=200,
        required=False,
        help_text="To see which of the two does better.",
        widget=forms.TextInput(attrs=PLAIN),
    )
    share_b = forms.IntegerField(
        label="How many of a hundred get the second",
        min_value=0,
        max_value=99,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )
    try_share = forms.IntegerField(
        label="Try both on this many of a hundred",
        min_value=TRIED[0],
        max_value=TRIED[1],
        required=False,
        help_text="The others get the one that did better. Left out: everybody at once.",
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )
    try_hours = forms.IntegerField(
        label="For this many hours",
        min_value=HOURS[0],
        max_value=HOURS[1],
        required=False,
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )
    format = forms.ChoiceField(label="Written in", choices=Campaign.Format.choices)
    body = forms.CharField(
        label="Letter",
        required=False,
        widget=forms.Textarea(attrs={"class": "textarea letter-text", "rows": 16}),
    )
    sender_name = forms.CharField(
        label="Sender’s name",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs=PLAIN),
    )
    segment = forms.MultipleChoiceField(
        label="Only people who …",
        required=False,
        help_text="All that you tick has to be true. Nothing ticked: everybody who may get it.",
        widget=forms.CheckboxSelectMultiple,
    )
    value_category = forms.ChoiceField(
        label="… and have one exact", required=False, widget=forms.Select
    )
    value_text = forms.CharField(
        label="Which is",
        max_length=254,
        required=False,
        help_text="Compared sealed; what you write here is not kept.",
        widget=forms.TextInput(attrs=PLAIN),
    )
    layout = forms.ChoiceField(label="Template", required=False)
    in_archive = forms.BooleanField(
        label="Also for everybody to read",
        required=False,
        help_text="On the public page of letters and in its feed, without anything personal.",
    )

    def __init__(
        self,
        *args: Any,
        offered: Mapping[str, Purpose],
        kept: Iterable[Condition] = (),
        kind: str = NEWS,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if kind == NOTICE:
            for name in ("subject_b", "share_b", "try_share", "try_hours", "in_archive", "layout"):
                del self.fields[name]
        else:
            own = [(one.ref, one.name) for one in kept_layouts()]
            self._choices("layout", [("", "The plain look"), *own])
        self._choices("purpose", [(key, one.label) for key, one in offered.items()])
        self._choices("segment", _conditions(kept, kind))
        self._choices("value_category", [("", "nothing more"), *_comparable(kind)])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("value_category") and not cleaned.get("value_text", "").strip():
            self.add_error("value_text", "Write what they have, or choose “nothing more”.")
        if cleaned.get("subject_b") and not cleaned.get("share_b"):
            self.add_error("share_b", "Say how many get the second subject, such as 50.")
        return cleaned

    def conditions(self) -> list[dict[str, str]]:
        """What is ticked, as a segment."""
        return [json.loads(one) for one in self.cleaned_data["segment"]]

    def _choices(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


class LayoutForm(forms.Form):
    """An organisation's own HTML around its letters."""

    places = (
        ("content", "the letter"),
        ("address", "your postal address, as the policy gives it"),
        ("unsubscribe", "the address of the link out"),
        ("choices", "the address of a reader’s page of choices"),
        ("why", "what the letter is for, and the clause"),
    )
    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="For you and your colleagues.",
        widget=forms.TextInput(attrs=PLAIN),
    )
    html = forms.CharField(
        label="HTML",
        max_length=LONGEST,
        help_text="The inside of a page. Nothing in it may be loaded from elsewhere.",
        widget=forms.Textarea(attrs={"class": "textarea letter-text", "rows": 20}),
    )


class TestForm(forms.Form):
    """Where a test goes."""

    to = forms.ChoiceField(
        label="Send a test to",
        choices=[("me", "my own address"), ("other", "another address")],
        initial="me",
        widget=forms.RadioSelect,
    )
    address = forms.EmailField(
        label="Address",
        max_length=254,
        required=False,
        help_text="Used for this one mail, and not kept.",
        widget=forms.EmailInput(attrs=PLAIN),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("to") == "other" and not cleaned.get("address") and not self.errors:
            self.add_error("address", "Write the address the test goes to.")
        return cleaned


class SendForm(forms.Form):
    """When it leaves."""

    when = forms.ChoiceField(
        label="When",
        choices=[("now", "As soon as possible"), ("later", "At a day and time")],
        initial="now",
        widget=forms.RadioSelect,
    )
    at = forms.DateTimeField(
        label="Day and time",
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"class": "input input-short", "type": "datetime-local"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].help_text = f"In {timezone.get_current_timezone_name()}."

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("when") != "later":
            cleaned["at"] = None
        elif "at" in cleaned and cleaned["at"] is None:
            self.add_error("at", "Choose a day and time.")
        elif cleaned.get("at") and cleaned["at"] <= timezone.now():
            self.add_error("at", "This is past. Choose a time ahead.")
        return cleaned


class SenderForm(forms.Form):
    """Whom letters come from, and where answers go."""

    sender_name = forms.CharField(
        label="Sender’s name",
        max_length=LONGEST_NAME,
        required=False,
        help_text="Left out: the organisation’s name. A campaign can have another.",
        widget=forms.TextInput(attrs=PLAIN),
    )
    reply_to = forms.EmailField(
        label="Answers go to",
        max_length=254,
        required=False,
        help_text="Left out: here, where an “unsubscribe” in an answer is acted on by itself.",
        widget=forms.EmailInput(attrs=PLAIN),
    )


class SoftForm(forms.Form):
    """When an address whose letters keep coming back for now is left alone."""

    most = forms.IntegerField(
        label="Letters that came back for now",
        min_value=SOFT_MOST[0],
        max_value=SOFT_MOST[1],
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )
    days = forms.IntegerField(
        label="Within so many days",
        min_value=SOFT_DAYS[0],
        max_value=SOFT_DAYS[1],
        widget=forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"}),
    )


class LimitForm(forms.Form):
    """How many complaints stop everything."""

    percent = forms.DecimalField(
        label="Stop everything when more than this share complains, in percent",
        min_value=Decimal("0.01"),
        max_value=Decimal(HIGHEST) / 100,
        max_digits=4,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"class": "input", "step": "0.01"}),
    )

    @property
    def limit(self) -> int:
        """Of ten thousand."""
        return int(self.cleaned_data["percent"] * 100)


class RejectForm(forms.Form):
    """Why a campaign does not leave."""

    ground = forms.ChoiceField(label="Ground of the policy", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="What its author reads",
        max_length=1000,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 4}),
    )

    def __init__(self, *args: Any, grounds: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(key, wording.ground(key)) for key in grounds]
        self.fields["ground"].choices = choices  # type: ignore[attr-defined]


def _conditions(kept: Iterable[Condition], kind: str) -> list[Any]:
    """What can be ticked, by kind. Values given before come first: nobody can read them anew."""
    liked = purposes() if kind == NEWS else ()
    rules = current().rules
    values = [one for one in kept if one["by"] == "value"]
    places = [key for key, found in rules.touchpoints.items() if found.fields]
    kinds: list[tuple[str, list[Condition]]] = [
        ("have one exact value", values),
        ("said yes to", [{"by": "choice", "purpose": key} for key in liked]),
        ("may be written to for", [{"by": "permitted", "purpose": key} for key in liked]),
        ("gave their data at", [{"by": "touchpoint", "touchpoint": key} for key in places]),
    ]
    return [
        (kind, [(code(one), _short(one)) for one in conditions])
        for kind, conditions in kinds
        if conditions
    ]


def code(condition: Condition) -> str:
    """A condition as the value of a box."""
    return json.dumps(condition, sort_keys=True, separators=(",", ":"))


def _short(one: Condition) -> str:
    """A condition without the words of its kind, which stand above it."""
    words = wording.condition(one)
    return words.partition("“")[2].rstrip("”") or words.removeprefix("have one exact ")


def _comparable(kind: str) -> list[tuple[str, str]]:
    """Categories that some purpose may use and that can be compared without being read."""
    found = {
        slot.category: slot.label
        for key in purposes(kind)
        for slot in slots(key).values()
        if slot.category.startswith(SEARCHABLE)
    }
    return [(category, wording.category(category)) for category in sorted(found)]
