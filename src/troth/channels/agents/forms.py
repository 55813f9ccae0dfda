from __future__ import annotations

from typing import Any

from django import forms

from troth.channels.agents.entering import spelled
from troth.core.errors import Invalid

KEY = r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"


class AgentForm(forms.Form):
    """What the network's directory says of an agent."""

    key = forms.RegexField(KEY, label="Its agent-id")
    name = forms.CharField(label="Name", max_length=120)
    verify_key = forms.CharField(label="Verify key", max_length=80)
    web_url = forms.URLField(
        label="Web site", required=False, max_length=200, assume_scheme="https"
    )
    vouches = forms.BooleanField(label="We rely on addresses it has verified", required=False)

    def __init__(self, *args: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if known:
            del self.fields["key"]

    def clean_verify_key(self) -> str:
        try:
            return spelled(self.cleaned_data["verify_key"])
        except Invalid as wrong:
            raise forms.ValidationError(f"{wrong.what} {wrong.why}") from None


class BusinessForm(forms.Form):
    """What the company is called in the network."""

    key = forms.RegexField(KEY, label="Our business-id")
