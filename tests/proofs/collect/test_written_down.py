"""What the company writes down itself stands beside what was given, for whoever asks to see it."""

from __future__ import annotations

from typing import Any

import pytest

from proofs.asking import Asker
from proofs.selling import ADDRESS, Shop
from support.pages import submit
from support.seeded import Seed


@pytest.mark.clause("com1-02")
def test_state_services_and_log_are_in_the_package_beside_what_was_given(shop: Shop) -> None:
    company = shop.company
    asker = Asker.registered(company, address=ADDRESS)
    ref = shop.ref(shop.pay(shop.order(asker.seed)))
    owner = company.staff("Owner")
    order = owner.get(f"/console/orders/{ref}")
    [[person]] = company.rows(
        "SELECT p.ref FROM people_person p JOIN billing_order o ON o.person_id = p.id "
        "WHERE o.ref = ?",
        ref,
    )
    there = f"/console/orders/records/{person}"
    assert there in order.text
    happened = Seed.new().message
    submit(owner, owner.get(there), "status", status="suspended", do="status")
    page = submit(owner, owner.get(there), "words", words=happened, do="log")
    held = company.rows("SELECT value FROM people_element WHERE clause = '2.8'")
    assert held
    assert not [value for (value,) in held if happened.encode() in bytes(value)]
    submit(owner, page, "purpose", purpose="support")
    assert happened in owner.get(there).words

    mine = asker.reader.get("/account/my-data/").words
    for value in ("Suspended", "Basic plan (1)", happened, asker.seed.name):
        assert value in mine, value
    package = asker.package(asker.ask_in_account("access"))
    records: list[dict[str, Any]] = package["data"]["records"]
    written = {one["label"]: one for one in records if one["clause"] == "2.8"}
    assert {label: one["value"] for label, one in written.items()} == {
        "State of your account": "Suspended",
        "Services you chose": "Basic plan (1)",
        "Log of your services": happened,
    }
    given = {str(one["value"]) for one in records} - {one["value"] for one in written.values()}
    assert {asker.seed.name, asker.seed.email} <= given
    assert "Suspended" in package["page"]
    assert asker.seed.email in package["page"]
