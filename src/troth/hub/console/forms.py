"""The console's own forms."""

from __future__ import annotations

from typing import Any

from django import forms

from troth.core.choices.stopping import WAYS
from troth.core.gate.children import GROUNDS
from troth.core.staff.models import Role
from troth.hub.console.queries import staff


class RoleForm(forms.Form):
    """What a role opens: purposes of the policy, and abilities that are no purpose."""

    name = forms.CharField(
        label="Name", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    purposes = forms.MultipleChoiceField(
        label="Purposes",
        help_text="Members may open personal data for these, and for nothing else.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    abilities = forms.MultipleChoiceField(
        label="Abilities",
        help_text="What they may do besides.",
        required=False,
        choices=Role.Ability.choices,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, role: Role | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (key, f"{one.label} (§ {one.clause})" if one.clause else one.label)
            for key, one in staff.declared().items()
            if one.basis != "prohibited"
        ]
        stale = set(role.purposes if role else ()) - {key for key, _ in choices}
        choices += [(key, f"{key} (no longer in the policy)") for key in sorted(stale)]
        self.fields["purposes"].choices = choices  # type: ignore[attr-defined]


class StopForm(forms.Form):
    """How somebody asked that even mail of the service be stopped, or come again."""

    way = forms.ChoiceField(
        label="How they asked",
        choices=list(WAYS.items()),
        help_text="Kept with the choice, as its proof.",
        widget=forms.RadioSelect,
    )


class MemberForm(forms.Form):
    """Which role a member has."""

    role: forms.ModelChoiceField[Role] = forms.ModelChoiceField(
        label="Role", queryset=None, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].queryset = Role.objects.all()  # type: ignore[attr-defined]


class InviteForm(MemberForm):
    """Whom to ask on to the staff. The address goes to the accounts part and is sealed there."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="They get a link to set a password; it works once.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label="Name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    field_order = ("name", "email", "role")


class ChildForm(forms.Form):
    """Why a child is reported, and that it is meant."""

    ground = forms.ChoiceField(
        label="How do you know?",
        choices=list(GROUNDS.items()),
        help_text="This goes on the ledger; no name does.",
        widget=forms.RadioSelect,
    )
    confirmed = forms.BooleanField(
        label="This record is a child's, and all of it is to go for good",
        error_messages={"required": "Say that you mean it, or leave the record as it is."},
    )


class ConnectionForm(forms.Form):
    """Where another database is, and what is in it."""

    key = forms.SlugField(
        label="Key",
        max_length=40,
        help_text="Small letters, digits and hyphens. An existing key is described anew.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address = forms.CharField(
        label="Address",
        max_length=500,
        help_text="Such as postgres://troth@db.internal/shop or https://letters.internal/api",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label="Password or token",
        required=False,
        max_length=300,
        help_text="It is sealed, and not shown again.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    description = forms.CharField(
        label="Description",
        help_text="The dataset or service as YAML.",
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
    )


class ProviderGrantForm(forms.Form):
    """For which purpose, why and how long the provider may see people."""

    purpose = forms.ChoiceField(
        label="Purpose", help_text="The provider sees people as far as this purpose reaches."
    )
    ground = forms.ChoiceField(label="Ground", widget=forms.RadioSelect)
    hours = forms.ChoiceField(
        label="For", choices=[("2", "2 hours"), ("8", "8 hours"), ("24", "a day")]
    )

    def __init__(
        self,
        *args: Any,
        purposes: list[tuple[str, str]],
        grounds: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]
        self.fields["ground"].choices = grounds  # type: ignore[attr-defined]
