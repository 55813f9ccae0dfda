"""What everybody can read of a domain's owner: nothing, but what the owner chose."""

from __future__ import annotations

import pytest

from proofs.company import Company
from proofs.domains.names import ADDRESS, Owned, acts, card
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

    owned = Owned(company)
    assert "look into your mail" in owned.order().words
    assert company.reader().get(f"/rdap/domain/{owned.name}").status == 404
    assert company.rows("SELECT count(*) FROM domains_domain WHERE ref = ?", owned.name) == [(0,)]
    owned.confirm()

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
    page = reader.get("/preferences")
    sent = form(page, "email")
    reader.post(sent.action, [("email", owned.seed.email)])
    mine = reader.get(company.link(owned.seed.email, "/preferences/"))
    found = form(mine, "on")
    kept = [pair for pair in found.fields if pair != ("on", "public-registry")]
    assert len(kept) == len(found.fields) - 1
    reader.post(found.action, kept)
    assert owned.seed.name not in owned.public()
    assert "checked" not in owned.own().text.split('name="shown"')[1]
