"""The console's forms of billing."""

from __future__ import annotations

from typing import Any

from django import forms

from troth.channels.billing import money
from troth.channels.billing.models import Product
from troth.channels.billing.paying.till import API, PAGES

PLAIN = {"class": "input"}


class ProductForm(forms.Form):
    """A product as it is written."""

    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs=PLAIN))
    slug = forms.SlugField(
        label="Last part of its address",
        max_length=60,
        help_text="Small letters, digits and hyphens: /shop/…",
        widget=forms.TextInput(attrs=PLAIN),
    )
    text = forms.CharField(
        label="What it is",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 4}),
    )
    price = forms.CharField(
        max_length=12,
        help_text="For one, such as 12.50.",
        widget=forms.TextInput(attrs={"class": "input", "inputmode": "decimal"}),
    )
    currency = forms.ChoiceField(choices=[(one, one) for one in money.CURRENCIES])
    period = forms.ChoiceField(label="Paid", choices=Product.Period.choices)
    shown = forms.BooleanField(label="Everybody may see and buy it", required=False)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("price") and said.get("currency"):
            try:
                said["price"] = money.units(said["price"], said["currency"])
            except ValueError:
                self.add_error("price", "Write an amount such as 12.50.")
        return said


class TillForm(forms.Form):
    """The account with the payment company."""

    key = forms.CharField(
        label="Secret key",
        max_length=200,
        help_text="The key of your account there that may make payments. It is sealed.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "input"}),
    )
    hook = forms.CharField(
        label="Signing secret of its messages",
        max_length=200,
        help_text="Shown there when you enter where its messages go. It is sealed.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "class": "input"}),
    )
    api = forms.CharField(
        label="Address of its interface", initial=API, widget=forms.TextInput(attrs=PLAIN)
    )
    pages = forms.CharField(
        label="Address of its payment pages", initial=PAGES, widget=forms.TextInput(attrs=PLAIN)
    )
