"""The forms in which people, and the staff for them, say what they want."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, Final

from django import forms
from django.utils import timezone

from troth.channels.rights import wording
from troth.core import clock
from troth.core.notices.versions import current
from troth.core.rights.api import Content
from troth.core.rights.kinds import KINDS

WORDS: Final = 5000
BY_HAND: Final = ("phone", "post", "mail")
NEED_WORDS: Final = frozenset({"question", "complaint", "correction", "removal"})
NAMING: Final = frozenset({"objection", "withdrawal"})


class WishForm(forms.Form):
    """What is asked for, without who asks."""

    words = forms.CharField(
        label="In your words",
        max_length=WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.fields["words"].required = kind in NEED_WORDS - {"correction"}
        if kind == "correction":
            self._add_correction()
        if kind in NAMING and (offered := _purposes()):
            self.fields["purposes"] = forms.MultipleChoiceField(
                label="Which use? Tick none for all of them.",
                choices=offered,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def _add_correction(self) -> None:
        self.fields["element"] = forms.ChoiceField(label="What is wrong", choices=_elements())
        self.fields["value"] = forms.CharField(label="What is right", max_length=1000)

    def content(self, reply_to: str = "") -> Content:
        """What was written, to be sealed. Only of a valid form."""
        found = self.cleaned_data
        changes = {found["element"]: found["value"]} if found.get("element") else {}
        return Content(
            words=found["words"],
            reply_to=reply_to or found.get("email", ""),
            changes=changes,
            purposes=tuple(found.get("purposes", ())),
        )


class AskForm(WishForm):
    """The same with an address, to which a link is sent."""

    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(kind, *args, **kwargs)
        self.order_fields(["email", "element", "value", "purposes", "words"])


class OwnForm(WishForm):
    """The same in the account; what destroys data asks for the password once more."""

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(kind, *args, **kwargs)
        if kind == "deletion":
            self.fields["password"] = forms.CharField(
                label="Your password",
                strip=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )


class EntryForm(forms.Form):
    """A request by phone or post, as a member of the staff enters it."""

    kind = forms.ChoiceField(label="What is asked for")
    way = forms.ChoiceField(
        label="How it came", choices=[(key, wording.WAYS[key]) for key in BY_HAND]
    )
    received = forms.DateField(label="Received on", widget=forms.DateInput(attrs={"type": "date"}))
    email = forms.EmailField(label="E-mail address", required=False, max_length=254)
    how = forms.ChoiceField(
        label="How their identity was shown",
        required=False,
        choices=[
            ("", "not yet: send a link to the address"),
            *((key, wording.PROOFS[key]) for key in wording.BY_STAFF),
        ],
    )
    element = forms.ChoiceField(label="What is wrong", required=False)
    value = forms.CharField(label="What is right", required=False, max_length=1000)
    purposes = forms.MultipleChoiceField(
        label="Which use?", required=False, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label="In their words",
        required=False,
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["kind"].choices = [(key, wording.kind(key)) for key in KINDS]
        fields["element"].choices = _elements()
        fields["purposes"].choices = _purposes()

    def clean_received(self) -> date:
        found: date = self.cleaned_data["received"]
        today = timezone.localdate(clock.now())
        if found > today:
            raise forms.ValidationError("This day has not come yet.")
        if (today - found).days > 366:  # noqa: PLR2004
            raise forms.ValidationError("This is more than a year ago. Check the year.")
        return found

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("how") and not found.get("email"):
            self.add_error("email", "Without a proof there has to be an address to send a link to.")
        if found.get("kind") == "correction":
            for name in ("element", "value"):
                if not found.get(name) and name not in self.errors:
                    self.add_error(name, "A correction says what is wrong, and what is right.")
        return found

    def content(self) -> Content:
        """What was said, to be sealed. Only of a valid form."""
        found = self.cleaned_data
        address, kind = found["email"], found["kind"]
        return Content(
            words=found["words"],
            reply_to=address,
            identifiers={"user.contact.email": (address,)} if address and found["how"] else {},
            changes={found["element"]: found["value"]} if kind == "correction" else {},
            purposes=tuple(found["purposes"]) if kind in NAMING else (),
        )

    def received_at(self) -> datetime:
        """Noon of the day, so that it is that day wherever the company is."""
        day: date = self.cleaned_data["received"]
        return min(datetime.combine(day, time(12), UTC), clock.now())


def _elements() -> list[tuple[str, str]]:
    """What somebody can have put right."""
    named = {key: element.label for key, element in current().policy.elements.items()}
    return [("", "pick one"), *sorted(named.items())]


def _purposes() -> list[tuple[str, str]]:
    """Purposes that somebody can refuse."""
    return [
        (key, purpose.label)
        for key, purpose in current().rules.purposes.items()
        if purpose.basis not in ("essential", "prohibited")
    ]
