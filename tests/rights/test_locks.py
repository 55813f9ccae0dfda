"""What the five policies keep when somebody is erased, and for whom it stays open."""

from __future__ import annotations

from pathlib import Path

import pytest

from troth.core.gate.locks import LAW, opens, purposes_left, stays
from troth.policy import Rules, compile, read  # noqa: A004 - the verb of the language
from troth.policy.taxonomy import covers

POLICIES = Path(__file__).parents[2] / "policies"
SHOP = "billing.checkout"
STAYS = {
    "com1": {
        "user.name",
        "user.contact.email",
        "user.contact.address",
        "user.contact.phone_number",
    },
    "comantra": {"user.name", "user.contact.email", "user.contact.address"},
    "comindware": {"user.name", "user.contact.email", "user.contact.address"},
    "comintech": {"user.name", "user.contact.email", "user.government_id"},
    "comm100": {"user.name", "user.contact.email", "user.contact.address"},
}


def rules(company: str) -> Rules:
    policy = read((POLICIES / f"{company}.toml").read_text("utf-8"), name=company).policy
    assert policy is not None
    return compile(policy)


@pytest.mark.parametrize("company", STAYS)
def test_invoices_stay_and_nothing_else_does(company: str) -> None:
    found = rules(company)
    kept = {
        (touchpoint, category)
        for touchpoint in found.touchpoints
        for block in found.policy.collects
        if block.at == touchpoint
        for category in map(found.category, block.everything)
        if stays(found, touchpoint, category)
    }
    assert {touchpoint for touchpoint, _ in kept} == {SHOP}
    categories = {category for _, category in kept}
    assert categories >= STAYS[company]
    assert "user.behavior.purchase_history" in categories
    assert not any(covers("user.payment", one) for one in categories), "the token goes"


@pytest.mark.parametrize("company", STAYS)
def test_what_stays_opens_for_no_more_than_its_invoice(company: str) -> None:
    found = rules(company)
    left = purposes_left(found, SHOP, "user.name")
    assert left
    assert all(found.purposes[key].basis == "essential" for key in left)
    lawful = {key for key in left if covers(LAW, found.purposes[key].use)}
    if company == "comintech":  # its clause locks, for invoices and what the service has to tell
        assert lawful < left
    else:
        assert lawful == left
    for key, purpose in found.purposes.items():
        open_places = {touchpoint for touchpoint, _ in opens(found, key)}
        assert open_places <= {SHOP}
        assert purpose.basis == "essential" or not open_places, key


def test_a_tax_number_opens_for_the_invoice_alone() -> None:
    found = rules("comintech")
    assert purposes_left(found, SHOP, "user.government_id") == {"invoicing"}
    assert (SHOP, "user.government_id") in opens(found, "invoicing")
    assert (SHOP, "user.government_id") not in opens(found, "support")
