"""The forms of accounts. Those that collect data come from the policy's touchpoints."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from troth.channels.accounts.grounds import (
    EMAIL,
    PASSWORD,
    PROFILE,
    REGISTER,
    USERNAME,
    may_keep,
    touchpoint,
)  # fmt: skip
from troth.channels.forms.api import UNDER_AGE, TouchpointForm, form_class
from troth.core.notices.versions import current

LONGEST = 200
AGE = "age"


class NewPassword(forms.CharField):
    """A password to be set: long, and none of those everybody tries first. No other rules."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "New password")
        kwargs.setdefault("help_text", "At least 12 characters. A few unrelated words do well.")
        widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
        super().__init__(strip=False, max_length=LONGEST, widget=widget, **kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value:
            validate_password(value)


class KnownPassword(forms.CharField):
    """The password one has."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Password")
        widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        super().__init__(strip=False, max_length=LONGEST, widget=widget, **kwargs)


class Address(forms.EmailField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "E-mail address")
        super().__init__(
            max_length=254, validators=[EmailValidator("Write an address such as "
                                                       "name@company.example.")],
            widget=forms.EmailInput(attrs={"autocomplete": "email"}), **kwargs,
        )  # fmt: skip


class LogInForm(forms.Form):
    name = forms.CharField(
        label="E-mail address", max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "inputmode": "email",
                                      "autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    password = KnownPassword()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_keep(USERNAME):
            self.fields["name"].label = "E-mail address or user name"


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text="Six digits from your device, or one of your recovery codes.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text"}),
    )

    def clean_code(self) -> str:
        return "".join(str(self.cleaned_data["code"]).split())


class PasskeyForm(forms.Form):
    label = forms.CharField(
        label="Name of the passkey",
        max_length=60,
        help_text="By which you know it again: My phone, The blue key.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    credential = forms.CharField(
        required=False, max_length=20_000, widget=forms.HiddenInput, strip=False
    )


class AddressForm(forms.Form):
    address = Address()


class AskResetForm(forms.Form):
    address = Address()


class NewPasswordForm(forms.Form):
    password = NewPassword()


class KnownPasswordForm(forms.Form):
    password = KnownPassword()


class ChangePasswordForm(forms.Form):
    old = KnownPassword(label="Password you have now")
    password = NewPassword()


class ChangeAddressForm(forms.Form):
    address = Address(label="New e-mail address")
    password = KnownPassword(label="Your password")


class RegisterForm(TouchpointForm):
    """The registration of a policy: `secret` is the key of its password, the age has a clause."""

    secret: str

    def clause_of(self, name: str) -> str:
        return super().clause_of(UNDER_AGE if name == AGE else name)

    def under_age(self) -> bool:
        """Whether the question of age is answered with no, whatever else was sent."""
        return AGE in self.fields and self.data.get(AGE) == "no"


def register_form() -> type[RegisterForm]:
    """The registration form of the policy in force, with its password and its question of age."""
    rules = current().rules
    base = form_class(touchpoint(REGISTER), rules)
    members: dict[str, Any] = {UNDER_AGE: None}  # asked here as a question that has to be answered
    for field in touchpoint(REGISTER).fields:
        if field.category == PASSWORD:
            members[field.key] = NewPassword(label=field.label, help_text=field.hint)
            members["secret"] = field.key
    if rules.minimum_age:
        members[AGE] = _age_field(rules.minimum_age)
    return type("Form", (RegisterForm, base), members)


def _age_field(years: int) -> forms.ChoiceField:
    def old_enough(answer: str) -> None:
        if answer != "yes":
            raise ValidationError(
                f"We offer accounts from the age of {years}. Nothing was kept.", code="age"
            )

    return forms.ChoiceField(
        label=f"Are you {years} or older?",
        choices=[("yes", "Yes"), ("no", "No")],
        widget=forms.RadioSelect,
        validators=[old_enough],
    )


def profile_form() -> type[TouchpointForm]:
    """What can be corrected in one go: all of the profile but the address, which is confirmed, and
    the choices, which have a page of their own.
    """
    place = touchpoint(PROFILE)
    base = form_class(place, current().rules)
    kept = {field.key for field in place.fields if field.category != EMAIL}
    others = {name: None for name in base.base_fields if name not in kept}
    return type("ProfileForm", (base,), others)
