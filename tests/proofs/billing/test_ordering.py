"""Ordering through the checkout: what it makes, and under which clause."""

from __future__ import annotations

import pytest

from proofs.company import Company
from support.pages import submit
from support.seeded import Seed


@pytest.mark.clause("comantra-04")
def test_an_order_through_the_checkout_makes_order_invoice_and_person(company: Company) -> None:
    owner, seed = company.staff("Owner"), Seed.new()
    page = owner.get("/console/products/new")
    made = submit(
        owner, page, "slug", name="Basic", slug="basic", price="12.50", currency="EUR",
        period="month", shown="on", text="A plan",
    )
    assert made.status == 200, made.words
    reader = company.reader()
    page = reader.get("/shop/basic/order")
    done = submit(
        reader, page, "nonce",
        **{"billing-name": seed.name, "email": seed.email, "billing-address": "1 Road\nTown", "quantity": "2"},
    )
    print(done.status, done.url, done.words)
    print(company.rows("select name, category, clause, touchpoint from people_element order by rowid desc limit 8"))
    print(company.rows("select * from billing_order"), company.rows("select * from billing_invoice"))
    print(company.mails(seed.email)[-1].message.as_string())
    assert 0
