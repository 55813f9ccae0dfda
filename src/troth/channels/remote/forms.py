"""The forms of remote help: beginning, the code, the note."""

from __future__ import annotations

from typing import Any

from django import forms

from troth.channels.remote.clauses import Place
from troth.channels.remote.offering import lengths
from troth.channels.remote.wording import minutes

LONGEST = 4000


class OfferForm(forms.Form):
    """An agent begins: why, and for how long at most."""

    ground = forms.ChoiceField(label="Why", widget=forms.Select(attrs={"class": "select"}))
    seconds = forms.TypedChoiceField(
        label="For at most",
        coerce=int,
        help_text="The customer reads both before they allow it.",
        widget=forms.Select(attrs={"class": "select"}),
    )
    conversation = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    send = forms.BooleanField(
        label="Write the code into the conversation",
        required=False,
        help_text="Else you read it out to them.",
    )

    def __init__(self, data: Any = None, *, here: Place, conversation: str = "") -> None:
        super().__init__(data, initial={"conversation": conversation})
        times = [(one, minutes(one)) for one in lengths()]
        self.fields["ground"].choices = list(here.grounds.items())  # type: ignore[attr-defined]
        self.fields["seconds"].choices = times  # type: ignore[attr-defined]
        if not (conversation or (data and data.get("conversation"))):
            del self.fields["send"]


class CodeForm(forms.Form):
    """The customer types what was read out to them."""

    code = forms.CharField(
        label="The agent's code",
        max_length=20,
        help_text="Nine digits. The agent reads them to you, or writes them in your chat.",
        widget=forms.TextInput(
            attrs={
                "class": "input",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "size": 14,
            }
        ),
    )


class NoteForm(forms.Form):
    """What was done."""

    text = forms.CharField(
        label="What you looked at, and what you did",
        max_length=LONGEST,
        help_text="The customer reads it on “My data”. Nothing private that was on the screen.",
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 4}),
    )
