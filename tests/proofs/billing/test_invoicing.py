"""Invoices: what a tax number is for, and that orders come by encrypted lines alone."""

from __future__ import annotations

import http.client
import re
from urllib.parse import urlencode

import pytest

from proofs.customers import look_up, pick
from proofs.selling import Shop
from proofs.staff_access.test_who_reads import marks
from support.installations import Installation, served
from support.pages import submit
from support.seeded import Seed


@pytest.mark.clause("comintech-21")
def test_a_tax_number_is_read_for_the_invoice_alone(shop: Shop) -> None:
    company, seed, tax = shop.company, Seed.new(), "PT-501442600"
    owner = company.new_staff("Owner")
    reader = company.reader()
    left_out = shop.order(seed, reader, **{"tax-id": ""})
    assert left_out.status == 422, "the clause requires it"
    ref = shop.ref(shop.pay(shop.order(seed, reader, **{"tax-id": tax}), reader))
    assert ("tax-id", "user.government_id", "2.9") in shop.held(ref)
    [invoice] = company.rows(
        "SELECT i.ref FROM billing_invoice i JOIN billing_order o ON i.record = o.id"
        " WHERE o.ref = ?",
        ref,
    )
    path = f"/console/invoices/{invoice[0]}"
    page = pick(owner, owner.get(path), "invoicing")
    assert tax in page.words
    before = len(marks(company, "gate.denied"))
    page = pick(owner, page, "support")
    assert tax not in page.words
    assert "This purpose opens nothing here" in page.words
    denied = marks(company, "gate.denied")
    assert len(denied) > before
    page = pick(owner, page, "payment")
    assert seed.name in page.words
    assert tax not in page.words, "nor for the payment"
    found = look_up(owner, seed.email, purpose="support")
    assert tax not in found.words
    [(person,)] = company.rows(
        "SELECT p.ref FROM people_person p JOIN billing_order o ON o.person_id = p.id"
        " WHERE o.ref = ?",
        ref,
    )
    for purpose, said in (("invoicing", "permitted"), ("support", "denied"), ("payment", "denied")):
        answer = company.why(purpose=purpose, data="user.government_id", person=person)
        assert answer.startswith(said), (purpose, answer)
    assert tax.encode() not in (company.site.home / "main.sqlite3").read_bytes()


@pytest.mark.clause("comintech-53")
def test_the_checkout_is_refused_over_an_open_line(shop: Shop) -> None:
    company, seed = shop.company, Seed.new()
    told = {"TROTH_SECURE": "true", "TROTH_BEHIND_PROXY": "true"}
    home, name = company.site.home, company.site.company
    count = "SELECT (SELECT count(*) FROM billing_order), (SELECT count(*) FROM people_element)"
    with served(Installation(home, name, company.site.environment | told), "web") as site:

        def ask(verb: str, scheme: str, body: str = "") -> tuple[int, str]:
            connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            connection.request(verb, shop.address, body, {"X-Forwarded-Proto": scheme, **kind})
            answer = connection.getresponse()
            text = answer.read().decode()
            connection.close()
            return answer.status, text

        status, text = ask("GET", "https")
        assert status == 200
        [nonce] = re.findall(r'name="nonce" value="([^"]+)"', text)
        given = {"nonce": nonce, "homepage": "", "quantity": "1", "name": seed.name}
        given |= {"email": seed.email, "address": "1 Road", "tax-id": "PT-501442600"}
        before = company.rows(count)
        for verb, body in (("GET", ""), ("POST", urlencode(given))):
            status, text = ask(verb, "http", body)
            assert status == 403, verb
            assert "encrypted connection" in text
            assert seed.name not in text
        assert company.rows(count) == before, "nothing was kept"
        status, _ = ask("POST", "https", urlencode(given))
        assert status == 303
        assert company.rows(count)[0][0] == before[0][0] + 1

    owner = company.staff("Owner")
    page = owner.get("/console/payments")
    for api in ("http://payments.example", "http://10.0.0.1"):
        sent = submit(owner, page, "key", key="sk_x", hook="whsec_x", api=api, pages=api)
        assert sent.status == 422
        assert "encrypted connections only" in sent.words
