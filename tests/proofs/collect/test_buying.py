"""What a purchase stores: what the checkout's clauses name, each under its own, and no more."""

from __future__ import annotations

import pytest

from proofs.deciding import problems, shipped
from proofs.selling import ADDRESS, CARD, Shop
from support.pages import submit
from support.seeded import Seed

DELIVERED = "9 Other Street"


@pytest.mark.clause("comantra-01")
def test_a_purchase_stores_exactly_what_its_clauses_name(shop: Shop) -> None:
    company, seed, reader = shop.company, Seed.new(), shop.company.reader()
    page = reader.get(shop.address)
    for name in ("date-of-birth", "birth_date", "card-number"):
        given = [*shop.fields(seed, page).items(), (name, "1970-01-01"), ("quantity", "1")]
        nonce = [("nonce", one) for one in page.inputs("nonce")]
        sent = reader.post(shop.address, [*given, *nonce])
        assert sent.status == 422, name
        assert "Nothing was kept" in sent.words
    assert company.rows("SELECT count(*) FROM people_element WHERE name LIKE '%birth%'") == [(0,)]

    more = {"shipping-address": DELIVERED}
    done = shop.pay(shop.order(seed, reader, **more), reader)
    held = shop.held(shop.ref(done))
    assert sorted(held) == sorted([
        ("billing-name", "user.name", "2.4"),
        ("billing-address", "user.contact.address", "2.4"),
        ("shipping-address", "user.contact.address", "2.4"),
        ("email", "user.contact.email", "2.4"),
        ("phone", "user.contact.phone_number", "2.4"),
        ("orders", "user.behavior.purchase_history", "2.4"),
        ("card-token", "user.payment", "2.6"),
        ("card-last-four", "user.payment", "2.6"),
    ])  # fmt: skip
    page = shop.mailed(seed)
    for value in (seed.name, ADDRESS.splitlines()[0], DELIVERED, "4242", "1 × Basic plan"):
        assert value in page.words, value
    main = (company.site.home / "main.sqlite3").read_bytes()
    for value in (seed.name, seed.email, ADDRESS, DELIVERED, "pm_", CARD.replace(" ", "")):
        assert value.encode() not in main


@pytest.mark.clause("comantra-01")
def test_a_checkout_that_asks_for_a_birth_date_is_no_policy() -> None:
    text = shipped("comantra")
    assert [one for one in problems(text) if one["severity"] == "error"] == []
    asked = 'required = ["billing-name", "email", "billing-address"]'
    assert asked in text
    more = asked.replace("]", ', "user.demographic.date_of_birth"]')
    found = [one for one in problems(text.replace(asked, more)) if one["severity"] == "error"]
    assert found
    assert any("1.2" in str(one) or "date_of_birth" in str(one) for one in found)


@pytest.mark.clause("com1-01")
def test_an_order_stores_name_address_and_phone_and_of_the_card_a_token(shop: Shop) -> None:
    company, seed = shop.company, Seed.new()
    page = shop.bought(seed)
    held = shop.held(shop.ref(page))
    assert sorted(held) == sorted([
        ("name", "user.name", "2.3"),
        ("address", "user.contact.address", "2.3"),
        ("email", "user.contact.email", "2.3"),
        ("phone", "user.contact.phone_number", "2.3"),
        ("orders", "user.behavior.purchase_history", "2.3"),
        ("card-token", "user.payment", "2.5"),
        ("card-last-four", "user.payment", "2.5"),
        ("order-source", "user.behavior.browsing_history", "2.6"),
    ])  # fmt: skip
    for path in company.site.home.rglob("*"):
        if path.is_file():
            assert CARD.replace(" ", "").encode() not in path.read_bytes(), path
    reader = company.reader()
    page = reader.get(shop.address)
    left = {"phone": ""}
    sent = submit(reader, page, "nonce", **shop.fields(seed, page, **left))
    assert sent.status == 422, "what the clause requires has to be given"
