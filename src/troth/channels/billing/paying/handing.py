"""Handing somebody over to the payment company: just what the clause of disclosure has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse

from troth.channels.billing import acts, clauses, invoicing, queries
from troth.channels.billing.models import Order, Till
from troth.channels.billing.noting import note
from troth.channels.billing.paying.till import client, till
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import renew
from troth.core.errors import Denied, Invalid, Missing
from troth.core.gate import uses
from troth.core.gate.deciding import denied
from troth.core.notices.versions import current
from troth.core.recipients.standing import barred
from troth.kit import links

if TYPE_CHECKING:
    from stripe import StripeClient

SELLER: Final = Actor.system("billing")
RETURN: Final = "billing.return"
"""The link that the payment company sends somebody back with. It shows how far an order is, and
nothing of whose it is or what was bought: the payment company has it too.
"""


class UnreachableInvalid(Invalid):
    """The payment company does not answer, or not as it should."""

    status = 502


def start(order: Order) -> str:
    """Where somebody pays an order: the address of the payment company's own page.

    "" where the organisation has no account with one (an invoice is issued and paid otherwise) or
    there is nothing to pay, or it cannot be reached: the order stands, and its page has a button to
    try again.
    """
    found = till()
    if found is None or not clauses.payee() or not order.total:
        invoicing.issue(order, actor=SELLER)
        return ""
    try:
        return pay(order)
    except (Denied, Missing, UnreachableInvalid):
        return ""


def pay(order: Order) -> str:
    """As `start`, where there is an account. Raises `UseDenied`, `UnreachableInvalid`."""
    found = till()
    if found is None:
        raise UnreachableInvalid("No payment company is connected.")
    renew(order)
    if order.state != Order.State.UNPAID:
        return back(order)
    _may_have_more(order)
    if (there := _begun(found, order)) != "":
        return there
    passed = _passed_on(order)
    session = asked(lambda: _session(client(found), order, passed))
    if not str(session.url or "").startswith(f"{found.pages}/"):
        raise UnreachableInvalid("The payment company named a page that is not its own.")
    if not _note(order, session.id):  # cancelled or paid otherwise while it was made
        asked(lambda: client(found).v1.checkout.sessions.expire(session.id))
        return back(order)
    return str(session.url)


def close(order: Order) -> None:
    """Close the payment company's page of an order that nobody has paid: it is not to be paid there
    any more. Raises `UnreachableInvalid`.
    """
    found = till()
    if found is None or not order.session or order.state != Order.State.UNPAID:
        return
    library = client(found).v1.checkout.sessions
    if asked(lambda: library.retrieve(order.session)).status == "open":
        asked(lambda: library.expire(order.session))


def _may_have_more(order: Order) -> None:
    """Nobody is sent to a payment company that gets nothing now, also where the clause of
    disclosure has nothing that is passed on here: there they give the rest. Raises `UseDenied`.
    """
    to, published = clauses.payee(), current()
    if (bar := barred(to, published.rules)) is not None:
        data = (clauses.PAYMENT,)
        raise denied(
            *(published, SELLER, clauses.paying(), data, bar.clause, bar.reason, order.person.ref),
            to=to,
        )


def _begun(found: Till, order: Order) -> str:
    """Where a payment that was begun goes on: two open pages could both be paid."""
    if not order.session:
        return ""
    session = asked(lambda: client(found).v1.checkout.sessions.retrieve(order.session))
    if session.status == "open":
        return str(session.url)
    return "" if session.status == "expired" else back(order)


def back(order: Order) -> str:
    """The page somebody comes back to from the payment company."""
    return reverse("billing:returned", args=[links.sign(RETURN, order.ref)])


def asked(call: Any) -> Any:
    """What the payment company answers. Raises `UnreachableInvalid`, without its words: they may
    repeat what was sent.
    """
    import stripe  # noqa: PLC0415 - large, and only needed where somebody pays

    try:
        return call()
    except stripe.StripeError as error:
        raise UnreachableInvalid(
            "The payment company could not be asked.",
            why=f"It said {error.http_status or 'nothing'}.",
            do="Try again in a moment.",
        ) from None


def _passed_on(order: Order) -> dict[str, Any]:
    """What the clause lets the payment company have of this order, as its library names it."""
    to, purpose, rules = clauses.payee(), clauses.paying(), current().rules
    held = queries.elements(order.pk)
    data = sorted({
        one.category
        for one in held
        if one.category in _NAMES and rules.find("share", purpose, one.category, to).allowed
    })  # fmt: skip
    if not data:
        return {}
    values: dict[str, Any] = {}
    with uses.use(actor=SELLER, purpose=purpose, person=order.person, data=data, to=to):
        for one in held:
            if one.category in data and isinstance(one.value, str):
                values.setdefault(_NAMES[one.category], one.value)  # the first is the invoice's
    return values


_NAMES: Final = {"user.name": "name", "user.contact.address": "address"}


def _session(library: StripeClient, order: Order, passed: dict[str, Any]) -> Any:
    """A page for this payment. Nothing in it says what was bought, or who by beyond the clause."""
    person: dict[str, Any] = dict(passed)
    if "address" in person:
        person["address"] = {"line1": person["address"]}
    attempt = order.session or "first"
    customer = library.v1.customers.create(
        person,  # type: ignore[arg-type] # the stub wants its own dictionary
        {"idempotency_key": f"customer-{order.ref}"},
    )
    price = {
        "currency": order.currency.lower(),
        "unit_amount": order.total,
        "product_data": {"name": f"Order {order.number}"},
    }
    wanted: dict[str, Any] = {
        "mode": "payment",
        "customer": customer.id,
        "client_reference_id": order.ref,
        "line_items": [{"quantity": 1, "price_data": price}],
        "payment_method_types": ["card"],
        "success_url": links.absolute(back(order)),
        "cancel_url": links.absolute(back(order)),
    }
    return library.v1.checkout.sessions.create(
        wanted,  # type: ignore[arg-type] # as above
        {"idempotency_key": f"session-{order.ref}-{attempt}"},
    )


@action
def _note(order: Order, session: str) -> bool:
    """Note the page of an order; not of one that needs no payment any more."""
    renew(order, held=True)
    if order.state != Order.State.UNPAID:
        return False
    order.session = session
    order.save(update_fields=["session"])
    note(acts.HANDED, order, actor=SELLER, to=clauses.payee())
    return True
