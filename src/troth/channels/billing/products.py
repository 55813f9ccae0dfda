"""What is sold: made, changed, shown to everybody or hidden."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import IntegrityError, transaction

from troth.channels.billing import acts, clauses
from troth.channels.billing.models import Product
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id

ABILITY: Final = "orders.handle"


@dataclass(frozen=True, slots=True)
class Offer:
    """A product as it is written; `price` is in the smallest unit of the currency."""

    slug: str
    name: str
    price: int
    currency: str
    period: str = Product.Period.ONCE
    text: str = ""
    shown: bool = False


@action
def make(offer: Offer, *, actor: Actor) -> Product:
    """A new product. Raises `SellingDenied` where the policy has no checkout."""
    made = Product(made_at=clock.now())
    return _write(made, offer, "made", actor)


@action
def change(product: Product, offer: Offer, *, actor: Actor) -> Product:
    """Change it. What was ordered before keeps its name and price."""
    return _write(product, offer, "changed", actor)


@action
def remove(product: Product, *, actor: Actor) -> None:
    """Take it out of the catalogue; orders of it stay."""
    actor.needs(ABILITY)
    product.delete()
    _note("removed", actor)


def _write(product: Product, offer: Offer, what: str, actor: Actor) -> Product:
    actor.needs(ABILITY)
    clauses.place()
    if "(" in offer.name or "\n" in offer.name:
        raise Invalid("A name has no brackets.", do="Say what it includes in the text.")
    product.slug, product.name, product.text = offer.slug, offer.name.strip(), offer.text.strip()
    product.price, product.currency = offer.price, offer.currency
    product.period, product.shown = Product.Period(offer.period), offer.shown
    try:
        with transaction.atomic():
            product.save()
    except IntegrityError:
        raise Invalid(
            "Another product has this address.", do="Choose another last part of it."
        ) from None
    _note(what, actor)
    return product


def _note(what: str, actor: Actor) -> None:
    record(
        act=acts.PRODUCT,
        organisation=current_organisation_id(),
        actor=actor,
        version=current().version,
        detail={"what": what},
    )
