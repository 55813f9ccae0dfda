"""The checkout: the form of forms with what is ordered above it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from troth.channels.billing import clauses, money, placing
from troth.channels.billing.lines import MOST
from troth.channels.billing.models import Product
from troth.channels.billing.paying.handing import start
from troth.channels.conversations.api import holds_card
from troth.channels.forms.api import Page, TouchpointForm
from troth.core.actors import Actor
from troth.core.people.records import Given
from troth.kit import links

LINK: Final = "billing.order"
QUANTITY: Final = "quantity"
_beside: Final[list[Callable[[HttpRequest, Product], Sequence[Given]]]] = []


def collect_beside(hear: Callable[[HttpRequest, Product], Sequence[Given]]) -> None:
    """Have `hear` called with the request of an order: what it returns is collected with the order,
    where a clause of the checkout has it (such as the page an order began on).
    """
    if hear not in _beside:  # `ready()` may run again
        _beside.append(hear)


@dataclass(frozen=True)
class OrderPage(Page):
    """Ordering one product."""

    product: Product | None = None
    values: Mapping[str, str] | None = None
    """What the form begins with."""
    keeping: str = ""
    """Where what is written so far may be sent; empty where nothing may be kept."""

    @classmethod
    def about(cls, request: Any, product: Product) -> Self:
        """The checkout of a product. Raises `Http404` if the policy has none."""
        return replace(cls.of(request, clauses.PLACE), product=product)

    @property
    def _product(self) -> Product:
        assert self.product is not None
        return self.product

    def more(self) -> dict[str, Any]:
        price = money.words(self._product.price, self._product.currency)
        cards = [b for b in self.published.policy.collects if b.at == clauses.PLACE and b.pass_to]
        return {
            "product": self._product,
            "price": price,
            "cards": cards,
            "send": "Order and pay",
            "keeping": self.keeping,
            "above": "billing/pieces/above.html",
            "below": "billing/pieces/below.html",
        }

    def form(self, data: Any = None) -> TouchpointForm:
        made = super().form(data)
        count = forms.IntegerField(
            label="How many",
            min_value=1,
            max_value=MOST,
            initial=1,
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )
        made.fields = {QUANTITY: count} | made.fields
        for name, value in (self.values or {}).items():
            if name in made.fields:
                made.fields[name].initial = value
        return made

    def take(self, request: HttpRequest, form: TouchpointForm, once: str) -> HttpResponse:
        """Place the order, then send the person to the payment company's own page."""
        if names := _with_cards(form):
            form.data = {**form.data.dict(), **dict.fromkeys(names, "")}  # type: ignore[attr-defined]
            for name in names:
                form.add_error(name, "A card number does not belong here, and was not kept.")
        quantity = form.cleaned_data.get(QUANTITY)
        if quantity and self._product.price * quantity > money.LARGEST:
            form.add_error(QUANTITY, "So much cannot be paid in one order: order fewer at a time.")
        if form.errors:
            return self.show(request, form, nonce=request.POST["nonce"], status=422)
        beside = [one for hear in _beside for one in hear(request, self._product)]
        order = placing.place(
            self._product,
            form.cleaned_data[QUANTITY],
            actor=Actor.visitor(),
            given=[*form.given(), *beside],
            choices=form.choices(),
            once=once,
            objects=getattr(request, "gpc", False),
        )
        token = links.sign(LINK, order.ref)
        there = start(order) or reverse("billing:order", args=[token])
        answer = HttpResponseRedirect(there)
        answer.status_code = 303
        return answer


def _with_cards(form: TouchpointForm) -> list[str]:
    """The fields somebody wrote a card number into."""
    said = form.cleaned_data.items()
    return [name for name, value in said if isinstance(value, str) and holds_card(value)]
