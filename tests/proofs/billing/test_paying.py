"""Paying: the card goes to the payment company alone, and no more of the person than its clause."""

from __future__ import annotations

import json

import pytest

from proofs.customers import pick
from proofs.selling import ADDRESS, CARD, DECLINED, Shop
from proofs.staff_access.test_who_reads import marks
from support.pages import submit
from support.seeded import Seed

FIGURES = CARD.replace(" ", "")


def stored(shop: Shop) -> bytes:
    """Everything the installation has on disk."""
    home = shop.company.site.home
    return b"".join(one.read_bytes() for one in home.rglob("*") if one.is_file())


@pytest.mark.clause("comm100-15")
def test_the_card_is_typed_elsewhere_and_a_token_and_its_end_are_kept(shop: Shop) -> None:
    seed, company = Seed.new(), shop.company
    typed = shop.order(Seed.new(), **{"billing-name": f"Ada {CARD}"})
    assert typed.status == 422, "a card number is turned down where it does not belong"
    assert CARD not in typed.text
    page = shop.order(seed)
    assert page.url.startswith(f"{shop.till.origin}/c/pay/")
    refused = shop.pay(page, number=DECLINED)
    assert "turned down" in refused.words
    page = shop.pay(page)
    assert "Paid" in page.words
    ref = shop.ref(page)
    payment = {(name, clause) for name, category, clause in shop.held(ref) if "pay" in category}
    assert payment == {("card-token", "2.13"), ("card-expiry", "2.13")}
    page = shop.mailed(seed)
    assert "12/2034" in page.words
    [session] = [one for one in shop.till.calls_about(ref) if one["path"].endswith("/sessions")]
    assert session["fields"]["mode"] == "payment"
    assert "4242" not in page.words, "the clause names no last digits"
    everything = stored(shop)
    assert FIGURES.encode() not in everything
    assert CARD.encode() not in everything
    assert b"pm_" not in everything, "the token is sealed too"
    assert company.rows("SELECT count(*) FROM billing_order WHERE ref = ?", ref) == [(1,)]


@pytest.mark.clause("comm100-45")
def test_the_payment_company_gets_what_the_clause_has_and_nothing_else(shop: Shop) -> None:
    seed = Seed.new()
    shop.till.set(failing="1")  # its first answer is an error: the library tries again
    page = shop.bought(seed)
    ref = shop.ref(page)
    about = [c for c in shop.till.calls if seed.name in json.dumps(c, ensure_ascii=False)]
    customer, again = about
    assert customer == again, "what failed is sent again as it was, and with the same key"
    assert customer["path"] == "/v1/customers"
    assert customer["fields"] == {"name": seed.name, "address[line1]": ADDRESS}
    [made] = [one for one in shop.till.calls_about(ref) if one["path"] == "/v1/checkout/sessions"]
    item = "line_items[0]"
    price = f"{item}[price_data]"
    assert made["fields"].keys() == {
        *("mode", "customer", "client_reference_id", f"{item}[quantity]", f"{price}[currency]"),
        *(f"{price}[unit_amount]", f"{price}[product_data][name]", "payment_method_types[0]"),
        *("success_url", "cancel_url"),
    }
    assert made["fields"]["client_reference_id"] == ref
    back = shop.company.reader().get(made["fields"]["success_url"]).words
    for value in (seed.name, seed.email, ADDRESS.splitlines()[0], "Basic plan"):
        assert value not in back, "nor can it look behind the address it sends people back to"
    assert seed.name in shop.mailed(seed).words
    everything = json.dumps(shop.till.calls, ensure_ascii=False)
    assert seed.email not in everything
    assert "Basic plan" not in everything, "what is bought is not passed on"
    assert made["once"], "a call that is sent again is not done again"

    told = [
        json.loads(body) for body in marks(shop.company, "gate.disclosed") if "card-proc" in body
    ]
    last = told[-1]
    assert (last["to"], last["purpose"]) == ("card-processor", "payment")
    assert set(last["data"]) == {"user.name", "user.contact.address"}

    company = shop.company
    [(person,)] = company.rows(
        "SELECT p.ref FROM people_person p JOIN billing_order o ON o.person_id = p.id"
        " WHERE o.ref = ?",
        ref,
    )
    asked = {
        data: company.why(purpose="payment", data=data, person=person, to="card-processor")
        for data in ("user.name", "user.contact.email", "user.behavior.purchase_history")
    }
    assert [said.partition(":")[0] for said in asked.values()] == ["permitted", "denied", "denied"]
    said = company.why(purpose="newsletter", data="user.name", person=person, to="card-processor")
    assert said.startswith("denied"), "it may use nothing for anything else"


@pytest.mark.clause("comm100-45")
def test_a_payment_counts_once_whoever_tells_of_it(shop: Shop) -> None:
    company, reader, seed = shop.company, shop.company.reader(), Seed.new()
    page = shop.order(seed, reader)
    forged = reader.post("/payments/heard", [("type", "checkout.session.completed")])
    assert forged.status == 400, "a message nobody signed"
    returned = next(iter(page.links("/orders/")))
    back = reader.get(returned)
    assert "Not paid yet" in back.words
    shop.till.set(hook="")  # its message does not come: the customer's return is enough
    try:
        paid = shop.pay(page, reader)
    finally:
        shop.till.set(hook=f"{company.site.url}/payments/heard")
    assert "Paid" in paid.words
    ref = shop.ref(paid)
    for _ in range(2):
        again = reader.get(returned)
        assert "Paid" in again.words
    count = "SELECT count(*) FROM billing_invoice i JOIN billing_order o ON i.record = o.id"
    assert company.rows(f"{count} WHERE o.ref = ?", ref) == [(1,)]
    numbers = [n for (n,) in company.rows("SELECT number FROM billing_invoice ORDER BY number")]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers))), "no gap"


@pytest.mark.clause("comm100-24")
def test_payment_data_opens_for_payment_and_for_nothing_else(shop: Shop) -> None:
    seed, owner = Seed.new(), shop.company.new_staff("Owner")
    ref = shop.ref(shop.bought(seed))
    path = f"/console/orders/{ref}"
    page = pick(owner, owner.get(path), "payment")
    assert "pm_" in page.words
    assert "12/2034" in page.words
    assert ADDRESS.splitlines()[0] in page.words
    for purpose in ("support", "newsletter", "usage-statistics"):
        before = len(marks(shop.company, "gate.denied"))
        page = pick(owner, page, purpose)
        assert "This purpose opens nothing here" in page.words, purpose
        for value in ("pm_", "12/2034", seed.name, ADDRESS.splitlines()[0]):
            assert value not in page.words
        assert len(marks(shop.company, "gate.denied")) > before, "it is on the ledger"
    agent = shop.company.staff("Agent")
    assert agent.get(path).status == 403
    [(person,)] = shop.company.rows(
        "SELECT p.ref FROM people_person p JOIN billing_order o ON o.person_id = p.id"
        " WHERE o.ref = ?",
        ref,
    )
    page = pick(owner, owner.get(f"/console/people/{person}"), "support")
    assert "pm_" not in page.words, "nor on the page of the person"


@pytest.mark.clause("comm100-24")
def test_money_goes_back_by_the_way_it_came_and_once(shop: Shop) -> None:
    owner = shop.company.staff("Owner")
    ref = shop.ref(shop.bought(Seed.new()))
    page = owner.get(f"/console/orders/{ref}")
    page = submit(owner, page, to="/move", do="refund")
    assert "Refunded" in page.words
    assert "Credit note" in page.words
    refunds = [one for one in shop.till.calls if one["path"] == "/v1/refunds"]
    assert [one["once"] for one in refunds] == [f"refund-{ref}"]
