"""An invoice stands when its customer is erased: with the minimum, and locked."""

from __future__ import annotations

import pytest

from proofs.asking import Asker
from proofs.customers import look_up, pick
from proofs.selling import ADDRESS, Shop
from support.seeded import Seed

TAX = "PT-501442600"


@pytest.mark.clause("comintech-46")
def test_an_invoice_stands_locked_after_its_customer_is_erased(shop: Shop) -> None:
    company, owner = shop.company, shop.company.new_staff("Owner")
    gone = Asker(company, Seed.new(), company.reader())
    seed = gone.seed
    done = shop.pay(shop.order(seed, gone.reader, **{"tax-id": TAX}), gone.reader)
    ref, link = shop.ref(done), done.url
    [(invoice, number)] = company.rows(
        "SELECT i.ref, i.number FROM billing_invoice i JOIN billing_order o ON i.record = o.id"
        " WHERE o.ref = ?",
        ref,
    )
    request = gone.ask("deletion")
    person = gone.person(request)
    gone.does(request, "go-on")
    gone.finish(request)

    path = f"/console/invoices/{invoice}"
    page = pick(owner, owner.get(path), "invoicing")
    for words in (f"Invoice {number}", seed.name, ADDRESS.splitlines()[0], TAX, "12.50 EUR"):
        assert words in page.words, words
    for purpose in ("payment", "legal"):
        page = pick(owner, page, purpose)
        assert seed.name in page.words, purpose
        assert TAX not in page.words
    for purpose in ("fulfilment", "support", "newsletter"):
        page = pick(owner, page, purpose)
        assert f"Invoice {number}" in page.words
        assert seed.name not in page.words, purpose
        assert ADDRESS.splitlines()[0] not in page.words, purpose
    assert gone.reader.get(link).status == 404, "the order is gone, for its customer too"
    assert "Nobody" in look_up(owner, seed.email, purpose="support").words

    kept = company.rows(
        "SELECT e.name FROM people_element e JOIN people_person p ON e.person_id = p.id"
        " WHERE p.ref = ? AND e.locked_at IS NOT NULL ORDER BY e.name",
        person,
    )
    assert [name for (name,) in kept] == ["address", "email", "name", "orders", "tax-id"]
    every = "SELECT count(*) FROM people_element e JOIN people_person p ON e.person_id = p.id"
    assert company.rows(f"{every} WHERE p.ref = ?", person) == [(5,)], "phone and token are gone"
    assert company.rows("SELECT count(*) FROM billing_order WHERE ref = ?", ref) == [(0,)]
    main = (company.site.home / "main.sqlite3").read_bytes()
    for value in (seed.name, seed.email, seed.phone, TAX):
        assert value.encode() not in main
