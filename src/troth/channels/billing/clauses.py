"""What the policy says of buying: the checkout's clauses, and the purpose of each step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from troth.core.errors import Denied
from troth.core.notices.versions import current
from troth.policy import Rules, Touchpoint
from troth.policy.taxonomy import covers

PLACE: Final = "billing.checkout"
BOUGHT: Final = "user.behavior.purchase_history"
PAYMENT: Final = "user.payment"
CARD: Final = "user.financial.credit_card"
EMAIL: Final = "user.contact.email"

_PAYING: Final = "essential.service.payment_processing"
_BOOKS: Final = "finance"
_NOTICES: Final = "essential.service.notifications.email"


class SellingDenied(Denied):
    """The policy has no clause for what selling needs."""


def sells() -> bool:
    """Whether the policy in force has a checkout."""
    return PLACE in current().rules.touchpoints


def place() -> Touchpoint:
    """The checkout. Raises `SellingDenied` if no clause has it."""
    found = current().rules.touchpoints.get(PLACE)
    if found is None:
        raise SellingDenied(
            "Nothing may be sold here.",
            why=f"The policy in force has no clause for {PLACE}.",
            do="Publish a policy with a [[collect]] for it.",
        )
    return found


def purposes() -> tuple[str, ...]:
    """What the checkout is for; nothing, where the policy in force has none any more."""
    found = current().rules.touchpoints.get(PLACE)
    return tuple(found.purposes) if found else ()


def paying() -> str:
    """The purpose of payment. Raises `SellingDenied`."""
    return _first(_PAYING)


def invoicing() -> str:
    """The purpose of invoices: one of its own if the policy has it, else that of payment."""
    rules = current().rules
    own = list(_serving(rules, _BOOKS))
    return own[0] if own else paying()


def noticing() -> str:
    """The purpose under which somebody hears of an order; "" if the policy has none."""
    return next(_serving(current().rules, _NOTICES), "")


def payee() -> str:
    """The recipient that takes cards: whom the checkout passes the number to; "" if nobody."""
    return next((b.pass_to for b in current().rules.policy.collects if _takes_card(b)), "")


def clause_of(name: str, category: str) -> str:
    """The clause of the checkout that names an element; the place's own if none does."""
    rules = current().rules
    for block in rules.policy.collects:
        if block.at == PLACE and name in block.everything:
            return block.clause
    for block in rules.policy.collects:
        if block.at == PLACE and any(covers(rules.category(n), category) for n in block.everything):
            return block.clause
    return place().clause


def element(category: str) -> str:
    """What the checkout calls what is collected of a category without being asked for."""
    return next(iter(elements(category)), category)


def elements(category: str) -> list[str]:
    """As `element`, all of them."""
    rules = current().rules
    return [
        name
        for block in rules.policy.collects
        if block.at == PLACE
        for name in block.data
        if rules.category(name) == category
    ]


def _takes_card(block: object) -> bool:
    return getattr(block, "at", "") == PLACE and bool(getattr(block, "pass_to", ""))


def _serving(rules: Rules, use: str) -> Iterator[str]:
    found = rules.touchpoints.get(PLACE)
    for key in found.purposes if found else ():
        if rules.purposes[key].use == use:
            yield key


def _first(use: str) -> str:
    found = next(_serving(current().rules, use), "")
    if not found:
        raise SellingDenied(
            "Nothing may be paid here.",
            why=f"The checkout serves no purpose with the data use {use}.",
            do="Publish a policy whose checkout is for payment.",
        )
    return found
