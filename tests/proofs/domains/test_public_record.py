"""What everybody can read of a domain's owner: nothing, but what the owner chose."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page as Browser

from proofs.campaigns.campaigning import own_page
from proofs.company import Company, submit
from proofs.customers import Customer
from proofs.domains.names import ADDRESS, Owned, acts, card
from support.browser import for_everybody
from support.pages import form


@pytest.mark.clause("com1-22")
def test_the_order_says_what_becomes_public_and_the_record_serves_just_that(
    company: Company,
) -> None:
    page = company.reader().get("/domains/order")
    words = page.words
    assert "Entries in a registry of domains can be read by anyone" in words
    assert words.index("Of you it shows nothing, unless you tick it") < words.index("Domain name")
    asked = form(page, "nonce").names() - {"nonce", "homepage", "under_the_age"}
    assert asked == {
        *("domain", "registrant", "email", "address", "phone"),
        *("registrant-organisation", "technical-contact"),
        *("show-registrant", "show-registrant-organisation"),
    }
    assert "checked" not in page.text.split('name="nonce"')[1].split("</form>")[0]

    owned, count = Owned(company), "SELECT count(*) FROM domains_domain"
    [[before]] = company.rows(count)
    assert "look into your mail" in owned.order().words
    assert company.reader().get(f"/rdap/domain/{owned.name}").status == 404
    assert company.rows(count) == [(before,)], "nobody has it before its owner confirmed"
    owned.confirm()
    assert company.rows(count) == [(before + 1,)]

    record, private = owned.rdap(), (owned.seed.phone, owned.seed.email, ADDRESS)
    assert (record["ldhName"], card(record, "registrant")) == (
        owned.name,
        {"version": "4.0", "fn": ""},
    )
    left = {one["name"]["description"]: one["method"] for one in record["redacted"]}
    assert left == {
        "Registrant: Owner of the domain": "emptyValue",
        "Registrant: E-mail address": "removal",
        "Registrant: Address": "removal",
        "Registrant: Phone number": "removal",
        "Registrant: Owner's organisation": "removal",
    }
    hidden = (owned.seed.name, owned.seed.company, *private)
    assert not [one for one in hidden if one in owned.public()]
    assert "gate.disclosed" not in acts(company, owned.ref)

    owned.show("registrant")
    shown = owned.rdap()
    assert card(shown, "registrant")["fn"] == owned.seed.name
    assert owned.seed.name in owned.whois().words
    assert not [one for one in (owned.seed.company, *private) if one in owned.public()]
    assert "gate.disclosed" in acts(company, owned.ref)
    owned.show("registrant-organisation")
    assert card(owned.rdap(), "registrant") == {
        "version": "4.0",
        "fn": "",
        "org": owned.seed.company,
    }
    owned.show()
    assert not [one for one in hidden if one in owned.public()]


@pytest.mark.clause("com1-22")
def test_a_no_among_the_choices_takes_it_off_the_record_at_once(company: Company) -> None:
    owned = Owned.new(company, show_registrant="on")
    assert owned.seed.name in owned.public()
    reader = company.reader()
    mine = own_page(company, owned.seed, reader)
    found = form(mine, "on")
    kept = [pair for pair in found.fields if pair != ("on", "public-registry")]
    assert len(kept) == len(found.fields) - 1
    reader.post(found.action, kept)
    assert owned.seed.name not in owned.public()
    assert "checked" not in owned.own().text.split('name="shown"')[1]


@pytest.mark.clause("com1-22")
def test_the_account_changes_what_is_shown_and_nobody_sees_a_mark_of_it_before(
    company: Company, page: Browser
) -> None:
    customer = Customer.with_account(company)
    owned = Owned(company, customer.seed, name=f"bücher-{customer.seed.company[-8:]}.example")
    assert "You have no domain with us" in customer.reader.get("/account/domains/").words
    owned.order()
    owned.confirm()
    mine = customer.reader.get("/account/domains/")
    assert owned.name in mine.words
    there = f"/account/domains/{owned.of_console}"
    submit(customer.reader, customer.reader.get(there), "do", shown="registrant", do="show")
    record = owned.rdap()
    assert (record["unicodeName"], record["ldhName"][:4]) == (owned.name, "xn--")
    assert card(record, "registrant")["fn"] == owned.seed.name
    again = owned.order()
    assert (again.status, "This name is taken" in again.words) == (409, True)

    staff = company.staff("Owner")
    console = staff.get("/console/domains/")
    assert owned.name not in console.words
    picked = submit(staff, console, "purpose", purpose="domain-registration")
    assert owned.name in staff.get("/console/domains/").words, picked.url
    assert owned.seed.company in staff.get(f"/console/domains/{owned.of_console}").words
    submit(staff, staff.get(f"/console/domains/{owned.of_console}"), to="/entered")
    assert owned.rdap()["status"] == ["active"]

    for path in ("/domains/order", f"/whois?name={owned.name}", "/domains/asked"):
        page.goto(company.site.url + path)
        assert not for_everybody(page), path
    page.goto(company.site.url + company.link(owned.seed.email, "/domains/own/"))
    assert not for_everybody(page)
