"""What may go wrong between an order and its payment, and what it then comes to."""

from __future__ import annotations

import hmac
import json
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from accounts.conftest import Company
from accounts.customers import words
from troth.channels.billing import (
    handling,
    invoicing,
    money,
    placing,
    products,
    queries,
    tidying,
)
from troth.channels.billing.models import Heard, Invoice, Order, Product
from troth.channels.billing.paying import handing, settling, till
from troth.channels.billing.source import OrderDenied
from troth.channels.billing.wording import seller
from troth.core import clock
from troth.core.actors import Actor
from troth.core.gate.denials import UseDenied
from troth.core.notices.publish import publish
from troth.core.notices.versions import current
from troth.core.people.models import Element
from troth.core.people.records import Given
from troth.core.recipients.binding import suspend
from troth.core.rights.api import Subject
from troth.core.rights.kinds import CORRECTION
from troth.core.rights.planning import planned
from troth.core.rights.sources import sources
from troth.hub.demo.standin.serving import StandIn

SELLER = Actor("staff", "1" * 32, abilities=frozenset({products.ABILITY, till.CONNECT}))
KEY, SECRET = "sk_test_here", "whsec_here"


@pytest.fixture
def stand_in(company: Company) -> Iterator[StandIn]:
    found = StandIn(0, key=KEY, secret=SECRET)
    stop = found.start()
    address = found.books.origin
    till.connect(actor=SELLER, key=KEY, hook=SECRET, api=address, pages=address)
    yield found
    stop()
    found.server_close()


@pytest.fixture
def product(company: Company) -> Product:
    offer = products.Offer("plan", "Plan", 1250, "EUR", shown=True)
    return products.make(offer, actor=SELLER)


def order(product: Product, once: str = "1", **more: Any) -> Order:
    given = [
        Given("billing-name", "user.name", "Ada"),
        Given("email", "user.contact.email", f"{once}@people.example"),
        Given("billing-address", "user.contact.address", "1 Road"),
    ]
    return placing.place(product, actor=Actor.visitor(), given=given, choices={}, once=once, **more)


def message(order: Order, event: str, *, secret: str = SECRET, at: float = 0) -> dict[str, Any]:
    """A message of the payment company, as Django's client posts it."""
    about = {"id": order.session, "object": "checkout.session"}
    said = {"id": event, "object": "event", "type": "checkout.session.completed"}
    body = json.dumps(said | {"data": {"object": about}})
    when = int(at or time.time())
    mac = hmac.new(secret.encode(), f"{when}.{body}".encode(), sha256).hexdigest()
    header = f"t={when},v1={mac}"
    return {
        "path": "/payments/heard",
        "data": body,
        "content_type": "application/json",
        "headers": {"Stripe-Signature": header},
    }


def test_the_same_order_sent_twice_is_one(product: Product) -> None:
    assert order(product).pk == order(product).pk
    assert [one.number for one in (order(product), order(product, "2"))] == [1001, 1002]
    assert Element.objects.filter(category="user.behavior.purchase_history").count() == 2


def test_what_is_not_shown_is_not_sold(company: Company, product: Product) -> None:
    offer = products.Offer("plan", "Plan", 1250, "EUR")
    products.change(product, offer, actor=SELLER)
    with pytest.raises(placing.SoldInvalid):
        order(product)
    assert Client().get("/shop/plan", secure=True).status_code == 404
    assert Client().get("/shop/plan/order", secure=True).status_code == 404


def test_what_no_amount_can_hold_is_not_ordered_and_nothing_typed_is_lost(
    company: Company, product: Product
) -> None:
    dear = products.Offer("plan", "Plan", 99_999_999, "EUR", shown=True)
    products.change(product, dear, actor=SELLER)
    with pytest.raises(placing.SoldInvalid):
        order(product, quantity=2)
    client = Client()
    page = client.get("/shop/plan/order", secure=True).content.decode()
    [nonce] = re.findall(r'name="nonce" value="([^"]+)"', page)
    said = {
        "nonce": nonce,
        "quantity": "2",
        "billing-name": "Ada",
        "email": "ada@people.example",
        "billing-address": "1 Road",
    }
    answer = client.post("/shop/plan/order", said, secure=True)
    assert answer.status_code == 422
    assert "order fewer at a time" in answer.content.decode()
    assert "1 Road" in answer.content.decode()
    assert not Order.objects.exists()


def test_a_signed_message_counts_once_and_no_other_does(
    product: Product, stand_in: StandIn
) -> None:
    placed = order(product)
    handing.pay(placed)
    stand_in.books.pay(placed.session, "4242424242424242", 12, 2034)
    client = Client()
    for wrong in ({"secret": "whsec_other"}, {"at": time.time() - 3600}):
        assert client.post(**message(placed, "evt_1", **wrong)).status_code == 400
    signed = message(placed, "evt_1")
    signed["headers"]["Stripe-Signature"] = f"t={int(time.time())},v1=é"
    assert client.post(**signed).status_code == 400
    placed.refresh_from_db()
    assert placed.state == Order.State.UNPAID
    calls = len(stand_in.books.calls)
    assert client.post(**message(placed, "evt_1")).json() == {"heard": "now"}
    assert client.post(**message(placed, "evt_1")).json() == {"heard": "before"}
    assert len(stand_in.books.calls) == calls + 1, "a repeat asks nothing"
    assert client.post(**message(placed, "evt_2")).json() == {"heard": "now"}
    placed.refresh_from_db()
    assert placed.state == Order.State.PAID
    assert Invoice.objects.count() == 1
    assert Heard.objects.count() == 2


def test_a_message_about_a_page_that_is_not_paid_changes_nothing(
    product: Product, stand_in: StandIn
) -> None:
    placed = order(product)
    handing.pay(placed)
    assert Client().post(**message(placed, "evt_1")).status_code == 200
    placed.refresh_from_db()
    assert placed.state == Order.State.UNPAID


def test_a_payment_of_another_amount_is_none(product: Product, stand_in: StandIn) -> None:
    placed = order(product)
    handing.pay(placed)
    stand_in.books.pay(placed.session, "4242424242424242", 12, 2034)
    stand_in.books.objects[placed.session]["amount_total"] = 1
    with pytest.raises(handing.UnreachableInvalid):
        settling.settle(placed)
    assert Order.objects.get().state == Order.State.UNPAID


def test_an_order_stands_where_the_payment_company_is_down(
    product: Product, stand_in: StandIn
) -> None:
    stand_in.books.failing = 100
    placed = order(product)
    assert handing.start(placed) == ""
    assert Order.objects.get().state == Order.State.UNPAID
    stand_in.books.failing = 0
    assert handing.start(placed).startswith(stand_in.books.origin)


def test_a_payment_that_was_begun_goes_on_where_it_was(product: Product, stand_in: StandIn) -> None:
    placed = order(product)
    first = handing.pay(placed)
    assert handing.pay(placed) == first, "two pages could both be paid"
    stand_in.books.objects[placed.session]["status"] = "expired"
    again = handing.pay(placed)
    assert again != first
    stand_in.books.pay(placed.session, "4242424242424242", 12, 2034)
    assert handing.pay(placed).endswith("/returned")


def test_what_is_cancelled_cannot_be_paid_and_what_is_paid_not_cancelled(
    product: Product, stand_in: StandIn
) -> None:
    first, second = order(product), order(product, "2")
    for one in (first, second):
        handing.pay(one)
    handling.cancel(first, actor=SELLER)
    assert stand_in.books.objects[first.session]["status"] == "expired"
    stand_in.books.pay(second.session, "4242424242424242", 12, 2034)
    with pytest.raises(handling.StateDenied):
        handling.cancel(second, actor=SELLER)
    assert Order.objects.get(pk=second.pk).state == Order.State.PAID


def test_what_is_paid_by_hand_cannot_be_paid_again_over_there(
    product: Product, stand_in: StandIn
) -> None:
    placed = order(product)
    handing.pay(placed)
    handling.note_payment(placed, actor=SELLER)
    assert stand_in.books.objects[placed.session]["status"] == "expired"
    assert Order.objects.get().state == Order.State.PAID
    other = order(product, "2")
    handing.pay(other)
    stand_in.books.pay(other.session, "4242424242424242", 12, 2034)
    with pytest.raises(handling.StateDenied):
        handling.note_payment(other, actor=SELLER)
    assert Invoice.objects.count() == 2


def test_what_is_cancelled_while_its_page_is_made_cannot_be_paid(
    product: Product, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed = order(product)
    made = handing._session

    def slow(*args: Any) -> Any:
        session = made(*args)
        handling.cancel(Order.objects.get(), actor=SELLER)
        return session

    monkeypatch.setattr(handing, "_session", slow)
    assert handing.pay(placed).endswith("/returned")
    [session] = [one for name, one in stand_in.books.objects.items() if name.startswith("cs_")]
    assert session["status"] == "expired"
    assert Order.objects.get().state == Order.State.CANCELLED


@pytest.mark.again
def test_a_refund_is_made_once(product: Product, stand_in: StandIn) -> None:
    placed = order(product)
    handing.pay(placed)
    stand_in.books.pay(placed.session, "4242424242424242", 12, 2034)
    settling.settle(placed)
    handling.refund(placed, actor=SELLER)
    with pytest.raises(handling.StateDenied):
        handling.refund(placed, actor=SELLER)
    assert [one.kind for one in Invoice.objects.order_by("number")] == ["invoice", "credit"]
    assert sum(one["path"] == "/v1/refunds" for one in stand_in.books.calls) == 1


def test_without_an_account_an_order_is_invoiced_at_once(product: Product) -> None:
    placed = order(product)
    assert handing.start(placed) == ""
    assert Invoice.objects.get().record == placed.pk
    handling.note_payment(placed, actor=SELLER)
    assert Invoice.objects.count() == 1


def test_nobody_is_sent_to_a_payment_company_that_is_suspended(
    product: Product, stand_in: StandIn
) -> None:
    text = Path("policies/comm100.toml").read_text("utf-8")
    passed = 'data = ["user.name", "user.contact.address", "user.payment"]'
    assert passed in text
    text = text.replace(passed, 'data = ["user.payment"]')
    text = text.replace(f'version = "{current().version}"', 'version = "2099-01-01"')
    publish(text, actor=Actor.system("cli"))
    first, second = order(product), order(product, "2")
    handing.pay(first)
    assert [one["path"] for one in stand_in.books.calls][-1] == "/v1/checkout/sessions"
    calls = len(stand_in.books.calls)
    suspend(actor=Actor.system("cli"), to="card-processor", ground="breach", source="recipient")
    for one in (first, second):
        with pytest.raises(UseDenied):
            handing.pay(one)
    assert len(stand_in.books.calls) == calls


def test_what_costs_nothing_is_handed_to_nobody(product: Product, stand_in: StandIn) -> None:
    products.change(product, products.Offer("plan", "Plan", 0, "EUR", shown=True), actor=SELLER)
    placed = order(product)
    assert handing.start(placed) == ""
    assert stand_in.books.calls == []
    assert Invoice.objects.get().total == 0


def test_an_invoice_says_what_it_said_when_the_policy_changes(product: Product) -> None:
    placed = order(product)
    invoice = invoicing.issue(placed, actor=SELLER)
    before, held = seller(invoice), queries.elements(placed.pk)
    labels = [invoicing.row(one).label for one in held]
    old, policy = current().policy.company.name, Path("policies/comm100.toml").read_text("utf-8")
    element = next(e for e in current().policy.elements.values() if e.label == labels[0])
    text = policy.replace(old, "Renamed Ltd").replace(f'"{element.label}"', '"Another word"')
    version = current().version
    text = text.replace(f'version = "{version}"', 'version = "2099-01-01"')
    publish(text, actor=Actor.system("cli"))
    assert current().policy.company.name == "Renamed Ltd"
    assert "Another word" in [one.label for one in current().policy.elements.values()]
    assert seller(invoice) == before
    assert [invoicing.row(one).label for one in held] == labels


def test_what_was_bought_is_put_right_by_nobodys_word(product: Product) -> None:
    placed = order(product)
    subject = Subject(uuid4(), placed.person_id, placed.person.ref, records=(placed.person_id,))
    [bought] = Element.objects.filter(category="user.behavior.purchase_history")
    everything = sources()
    with pytest.raises(OrderDenied):
        planned(CORRECTION, subject, {bought.name: "100 × Plan (a month): 0.01 EUR"}, everything)
    assert planned(CORRECTION, subject, {"billing-name": "Ada L."}, everything)


def test_orders_nobody_paid_go_and_the_others_stay(product: Product) -> None:
    lapses, stays = order(product), order(product, "2")
    handling.note_payment(stays, actor=SELLER)
    assert tidying.lapse() == 0
    with clock.at(clock.now() + timedelta(days=31)):
        assert tidying.lapse() == 1
    assert [one.pk for one in Order.objects.all()] == [stays.pk]
    assert not Element.objects.filter(record=lapses.pk).exists()
    assert Element.objects.filter(record=stays.pk).exists()


def test_secrets_are_sealed_or_named(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    made = till.connect(actor=SELLER, key=KEY, hook=SECRET)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM billing_till")
        raw = b"".join(bytes(v) for row in cursor.fetchall() for v in row if isinstance(v, bytes))
    assert KEY.encode() not in raw
    assert (till.key_of(made), till.hook_of(made)) == (KEY, SECRET)
    monkeypatch.setenv("THE_KEY", "sk_elsewhere")
    made = till.connect(actor=SELLER, key_from="env:THE_KEY", hook=SECRET)
    assert till.key_of(made) == "sk_elsewhere"
    assert made.key is None


@pytest.mark.parametrize(
    "address", ["http://payments.example", "ftp://localhost", "https://", "https://a@b.example/x"]
)
def test_only_encrypted_addresses_are_called(company: Company, address: str) -> None:
    with pytest.raises(till.TillInvalid):
        till.connect(actor=SELLER, key=KEY, hook=SECRET, api=address)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [("12.50", "EUR", 1250), ("1,250", "USD", 125000), ("500", "JPY", 500)],
)
def test_amounts_are_read_as_they_are_written(text: str, currency: str, amount: int) -> None:
    assert money.units(text, currency) == amount


@pytest.mark.parametrize("text", ["", "12.505", "-1", "NaN", "free", "99999999999", "1e999999"])
def test_what_is_no_amount_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        money.units(text, "EUR")


def test_nothing_is_sold_where_the_policy_has_no_checkout(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client()
    assert "Nothing is for sale now" in words(client.get("/shop/"))
    assert client.get("/shop/plan").status_code == 404
