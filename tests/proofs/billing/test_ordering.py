"""Ordering through the checkout: what it makes, and under which clause."""

from __future__ import annotations

import pytest

from proofs.selling import Shop
from support.seeded import Seed


@pytest.mark.clause("comantra-04")
def test_an_order_through_the_checkout_makes_order_invoice_and_person(shop: Shop) -> None:
    company, seed = shop.company, Seed.new()
    [before] = company.rows("SELECT count(*) FROM people_person WHERE state = 'identified'")
    page = shop.order(seed, quantity="2")
    assert page.url.startswith(shop.till.origin), page.words
    assert "25.00 EUR" in page.words

    page = shop.pay(page)
    assert "Paid" in page.words
    assert seed.name not in page.words, "the payment company knows this address too"
    ref = shop.ref(page)
    [(clause, state, person)] = company.rows(
        "SELECT clause, state, person_id FROM billing_order WHERE ref = ?", ref
    )
    assert (clause, state) == ("2.4", "paid")
    [after] = company.rows("SELECT count(*) FROM people_person WHERE state = 'identified'")
    assert after[0] == before[0] + 1
    [made] = company.rows("SELECT state, hex(id) FROM people_person WHERE id = ?", person)
    assert made[0] == "identified"
    assert {clause for _, category, clause in shop.held(ref) if category != "user.payment"} == {
        "2.4"
    }

    path = company.link(seed.email, "/orders/")
    page = company.reader().get(path)
    assert "2 × Basic plan (a month): 25.00 EUR" in page.words
    [invoice] = set(page.links("/invoice/"))
    page = company.reader().get(invoice)
    assert page.status == 200
    for words in ("Invoice", seed.name, "7 Quince Lane", "Basic plan", "25.00 EUR", "4242"):
        assert words in page.words, words
    [(number, total, currency)] = company.rows(
        "SELECT i.number, i.total, i.currency FROM billing_invoice i JOIN billing_order o "
        "ON i.record = o.id WHERE o.ref = ?",
        ref,
    )
    assert (total, currency) == (2500, "EUR")
    assert f"Invoice {number}" in page.words
