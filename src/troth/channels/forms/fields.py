"""A touchpoint of the policy as a Django form: its fields, its marks, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from troth.channels.forms.text import tidy
from troth.core.people.records import Given
from troth.policy import Field, Rules, Touchpoint

ASKING: Final = {"opt-in", "explicit-opt-in", "opt-out"}
SECRET: Final = "user.authorization"  # noqa: S105 - a data category
TECHNICAL: Final = frozenset({"nonce", "homepage", "csrfmiddlewaretoken"})
"""What our own page sends besides the fields: the page's mark, and the trap for machines."""
UNDER_AGE: Final = "under_the_age"
"""The box of whom the policy does not serve. No element of a policy has an underscore."""


class TidyField(forms.CharField):
    """Text of one or several lines, tidied."""

    def __init__(self, *, multiline: bool = False, **kwargs: Any) -> None:
        self.multiline = multiline
        if multiline:
            kwargs["widget"] = forms.Textarea(attrs={"rows": 6})
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return tidy(super().to_python(value) or "", multiline=self.multiline)


class EmailField(TidyField):
    widget = forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
    default_validators = [EmailValidator("Write an address such as name@company.example.")]


class PhoneField(TidyField):
    """A telephone number; kept in the international form where the country is clear."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})

    def __init__(self, *, country: str, **kwargs: Any) -> None:
        self.country = country
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, self.country)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or not phonenumbers.is_possible_number(number):
            raise ValidationError("Write a telephone number, with + and the country if abroad.")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _web(field: Field, common: dict[str, Any], _rules: Rules) -> forms.Field:
    return forms.URLField(
        assume_scheme="https",
        max_length=field.max_length,
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
        error_messages={"invalid": "Write an address such as www.company.example."},
        **common,
    )


def _email(field: Field, common: dict[str, Any], _rules: Rules) -> forms.Field:
    return EmailField(max_length=min(field.max_length, 254), **common)


def _phone(field: Field, common: dict[str, Any], rules: Rules) -> forms.Field:
    country = (rules.policy.company.calendar or "US").partition("-")[0]
    return PhoneField(country=country, max_length=min(field.max_length, 40), **common)


def _date(_field: Field, common: dict[str, Any], _rules: Rules) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **common)


BY_CATEGORY: Final[dict[str, Callable[[Field, dict[str, Any], Rules], forms.Field]]] = {
    "user.contact.email": _email,
    "user.contact.phone_number": _phone,
    "user.contact.url": _web,
    "user.demographic.date_of_birth": _date,
}
AUTOCOMPLETE: Final = {
    "user.name": "name",
    "user.contact.organization": "organization",
    "user.contact.address": "street-address",
    "user.job_title": "organization-title",
}


def asked(touchpoint: Touchpoint) -> list[Field]:
    """The fields a form shows: not what goes straight to a recipient, which we never touch."""
    return [field for field in touchpoint.fields if not field.pass_to]


def form_field(field: Field, rules: Rules) -> forms.Field:
    """One field of the policy as a form field."""
    common: dict[str, Any] = {
        "label": field.label,
        "help_text": field.hint,
        "required": field.required,
    }
    if field.options:
        choices = [(option, option) for option in field.options]
        if not field.required:
            choices.insert(0, ("", "No answer"))
        return forms.ChoiceField(choices=choices, **common)
    if (make := BY_CATEGORY.get(field.category)) is not None:
        return make(field, common, rules)
    made = TidyField(multiline=field.multiline, max_length=field.max_length, **common)
    if auto := AUTOCOMPLETE.get(field.category):
        made.widget.attrs["autocomplete"] = auto
    return made


def choice_fields(touchpoint: Touchpoint, rules: Rules) -> dict[str, forms.BooleanField]:
    """A box for each purpose that asks the person; never ticked beforehand.

    ``yes-…`` boxes give what needs a yes; ``no-…`` boxes refuse what goes on otherwise.
    """
    boxes = {}
    for key in touchpoint.purposes:
        purpose = rules.purposes[key]
        if purpose.basis not in ASKING:
            continue
        if purpose.basis == "opt-out":
            name, label = f"no-{key}", f"Not for me: {purpose.label}"
        else:
            name, label = f"yes-{key}", f"Yes: {purpose.label}"
        boxes[name] = forms.BooleanField(label=label, required=False)
    return boxes


def age_field(rules: Rules) -> dict[str, forms.BooleanField]:
    """The box for those too young, where the policy has an age."""
    if not rules.minimum_age:
        return {}
    box = forms.BooleanField(
        label=f"I am under {rules.minimum_age}",
        help_text="Then please send nothing: we would keep nothing of it. "
        f"If a child wrote to us, tell {rules.policy.company.privacy_contact}: all of it goes.",
        required=False,
    )
    return {UNDER_AGE: box}


def age_clause(rules: Rules) -> str:
    """The clause that names the age, or nothing."""
    return next((block.clause for block in rules.policy.ages), "")


class TouchpointForm(forms.Form):
    """Base of the made forms: knows its touchpoint, and refuses what the touchpoint lacks."""

    touchpoint: Touchpoint
    rules: Rules
    technical: frozenset[str] = TECHNICAL
    chips: Mapping[str, str] = MappingProxyType({})
    """The clauses of fields that another part adds."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if strangers := self.strangers():
            raise ValidationError(
                f"This form takes no {', '.join(strangers)}: § {self.touchpoint.clause} names all "
                "that it may ask. Nothing was kept.",
                code="stranger",
            )
        return cleaned

    def under_age(self) -> bool:
        """Whether the box for those too young is ticked, whatever else was sent."""
        box = self.fields.get(UNDER_AGE)
        return box is not None and bool(
            box.widget.value_from_datadict(self.data, self.files, UNDER_AGE)
        )

    def strangers(self) -> list[str]:
        """Names that were sent and that the clause does not have; cut to what is fit to show."""
        known = self.fields.keys() | self.technical
        sent = sorted(name for name in self.data if name not in known)
        return [_shown(name) for name in sent[:5]]

    def given(self) -> list[Given]:
        """What was given, without blanks and secrets, ready to be collected."""
        found = []
        for field in asked(self.touchpoint):
            value = self.cleaned_data.get(field.key)
            if value and not field.category.startswith(SECRET):
                found.append(Given(field.key, field.category, str(value)))
        return found

    def choices(self) -> dict[str, tuple[bool, str]]:
        """Purposes decided by a ticked box, with the words that stood beside it."""
        found = {}
        for name, field in self.fields.items():
            answer, _, key = name.partition("-")
            if isinstance(field, forms.BooleanField) and key and self.cleaned_data.get(name):
                found[key] = (answer == "yes", str(field.label))
        return found

    def clause_of(self, name: str) -> str:
        """The clause whose chip stands beside a field."""
        if name in self.chips:
            return self.chips[name]
        if name == UNDER_AGE:
            return age_clause(self.rules) or self.touchpoint.clause
        for field in self.touchpoint.fields:
            if field.key == name:
                return field.clause or self.touchpoint.clause
        purpose = self.rules.purposes.get(name.partition("-")[2])
        return purpose.clause if purpose else self.touchpoint.clause

    def rows(self) -> list[tuple[forms.BoundField, str]]:
        """Each field with its clause, for the template."""
        return [(self[name], self.clause_of(name)) for name in self.fields]

    def groups(self) -> dict[str, list[tuple[forms.BoundField, str]]]:
        """The rows in groups: what is asked, what may be chosen, and the question of age."""
        found: dict[str, list[tuple[forms.BoundField, str]]]
        found = {"fields": [], "choices": [], "age": []}
        for row in self.rows():
            kind = "choices" if isinstance(row[0].field, forms.BooleanField) else "fields"
            found["age" if row[0].name == UNDER_AGE else kind].append(row)
        return found


def _shown(name: str) -> str:
    return "".join(c for c in name if c.isalnum() or c in "-_.")[:40] or "?"


@lru_cache(maxsize=128)
def form_class(touchpoint: Touchpoint, rules: Rules) -> type[TouchpointForm]:
    """The form of a touchpoint, made once for each version of the policy."""
    fields: dict[str, Any] = {field.key: form_field(field, rules) for field in asked(touchpoint)}
    fields |= choice_fields(touchpoint, rules) | age_field(rules)
    members = {"touchpoint": touchpoint, "rules": rules, **fields}
    return type("Form", (TouchpointForm,), members)
