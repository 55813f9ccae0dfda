"""An order that was begun survives a reload; its page goes into one report and no further."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page as Browser, expect

from proofs.customers import look_up
from proofs.selling import Shop
from proofs.visiting import cookie
from support.pages import submit
from support.seeded import Seed


@pytest.mark.clause("com1-03")
def test_a_half_filled_order_survives_a_reload_through_its_cookie(
    shop: Shop, page: Browser
) -> None:
    company, seed, reader = shop.company, Seed.new(), shop.company.reader()
    policy = company.reader().get("/policy").words
    assert "troth_order starts on a product page when you begin an order" in policy
    assert not cookie(reader, "troth_order")
    begun = reader.get(shop.address)
    brought = cookie(reader, "troth_order")
    assert re.fullmatch(r"[0-9a-f]{32}\.:shop:basic-plan~[\w-]+", brought), brought
    half = {"name": seed.name, "email": seed.email, "phone": ""}
    assert submit(reader, begun, "nonce", **half).status == 422
    again = reader.get(shop.address)
    assert (again.inputs("name"), again.inputs("email")) == ([seed.name], [seed.email])
    assert seed.name not in company.reader().get(shop.address).text
    stored = (company.site.home / "main.sqlite3").read_bytes()
    for file in company.site.home.glob("main.sqlite3*"):
        stored += file.read_bytes()
    assert seed.email.encode() not in stored

    # A forged cookie opens nothing, and an order that is placed leaves nothing behind.
    other = company.reader()
    other.headers["Cookie"] = f"troth_order={quote(brought[:-1])}"
    assert seed.name not in other.get(shop.address).text
    before = company.rows("SELECT count(*) FROM billing_begun")
    shop.order(seed, reader)
    assert company.rows("SELECT count(*) FROM billing_begun") == [(before[0][0] - 1,)]
    assert not cookie(reader, "troth_order")

    page.goto(f"{company.site.url}{shop.address}")
    typed = Seed.new()
    with page.expect_response("**/order/kept") as kept:
        page.get_by_label("Your name").fill(typed.name)
    assert kept.value.status == 204
    page.reload()
    expect(page.get_by_label("Your name")).to_have_value(typed.name)
    [found] = [one for one in page.context.cookies() if one.get("name") == "troth_order"]
    assert (found["httpOnly"], typed.name in found["value"]) == (True, False)


@pytest.mark.clause("com1-04")
def test_where_an_order_began_is_in_the_sales_report_and_no_further(shop: Shop) -> None:
    company, seed, reader = shop.company, Seed.new(), shop.company.reader()
    reader.get("/shop/basic-plan")
    reader.get(shop.address, Referer=f"{company.site.url}/shop/?from=a-friend")
    ref = shop.ref(shop.pay(shop.order(seed, reader), reader))
    [[number]] = company.rows("SELECT number FROM billing_order WHERE ref = ?", ref)
    assert ("order-source", "user.behavior.browsing_history", "2.6") in shop.held(ref)

    owner = company.staff("Owner")
    asked = owner.get("/console/orders/sources")
    assert f"Order {number}" not in asked.words
    report = submit(owner, asked, to="/sources")
    assert re.search(rf"Order {number} /shop/ ", report.words), report.words
    assert "€12.50" in report.words or "12.50" in report.words
    assert "<svg" in report.text
    assert not [one for one in (seed.name, seed.email, "a-friend") if one in report.words]
    bodies = company.rows("SELECT body FROM ledger_pending UNION SELECT body FROM ledger_entry")
    assert any(b'"gate.used_many"' in b and b'"order-tracking"' in b for (b,) in map(_raw, bodies))

    # Beyond the order: under no other purpose does it open, and it goes to nobody.
    data = "user.behavior.browsing_history"
    page = look_up(owner, seed.email, purpose="fulfilment")
    assert "/shop/ " not in page.words
    person = page.url.rpartition("/")[2]
    assert "permitted" in company.why(purpose="order-tracking", data=data, person=person)
    for purpose in ("fulfilment", "product-news", "partner-offers", "payment"):
        assert "denied" in company.why(purpose=purpose, data=data, person=person), purpose
    for party in ("selected-partner", "payments", "statistics-house"):
        said = company.why(purpose="order-tracking", data=data, person=person, to=party)
        assert "denied" in said, party


def _raw(row: tuple[object, ...]) -> tuple[bytes]:
    [body] = row
    return (bytes(body),)  # type: ignore[call-overload]
