"""What is stored is sealed, opens by role, and keeps the mark of every change."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from proofs.company import Company, submit
from proofs.customers import Customer, look_up, ref_of
from support.reader import Reader
from support.seeded import Seed, assert_nowhere

ROLES = ("Owner", "Agent", "Marketing", "Auditor")
OPEN_TO: Mapping[str, set[str]] = {
    "/console/people": {"Owner", "Agent"},
    "/console/people/find": {"Owner", "Agent"},
    "/console/people/export": {"Owner"},
    "/console/conversations/": {"Owner", "Agent"},
    "/console/ledger": {"Owner", "Auditor"},
    "/console/policy/new": {"Owner"},
    "/console/retention": {"Owner"},
    "/console/settings/staff/invite": {"Owner"},
    "/console/settings/connections": {"Owner"},
    "/console/policy": set(ROLES),
}


def opens(reader: Reader) -> set[str]:
    """The pages of the matrix that open; each other one is refused, not merely hidden."""
    found = {path: reader.get(path).status for path in OPEN_TO}
    assert set(found.values()) <= {200, 403}, found
    return {path for path, status in found.items() if status == 200}


@pytest.mark.clause("comantra-22", "com1-09", "comm100-60")
def test_the_files_of_the_installation_show_no_value(company: Company) -> None:
    seed = Seed.new()
    sent = company.send(
        company.reader(), "contact", name=seed.name, email=seed.email, message=seed.message
    )
    assert sent.status == 200
    company.mails(seed.email)
    assert_nowhere([seed.name, seed.email, seed.message], company.site.home)
    page = look_up(company.staff(), seed.email, purpose="support")
    assert seed.name in page.words, "it is there, for whoever may open it"
    assert_nowhere([seed.name, seed.email, seed.message], company.site.home)


@pytest.mark.clause("comantra-22", "com1-09", "comm100-60")
def test_each_role_opens_its_own_pages_and_is_refused_the_others(company: Company) -> None:
    for role in ROLES:
        assert opens(company.staff(role)) == {
            path for path, roles in OPEN_TO.items() if role in roles
        }
    stranger = company.reader()
    assert all("/account/login/" in stranger.get(path).url for path in OPEN_TO)


@pytest.mark.clause("comantra-22", "com1-09", "comm100-60")
def test_a_change_is_on_record_beside_what_was_there_before(company: Company) -> None:
    customer, right = Customer.with_account(company), Seed.new().name
    page = customer.reader.get("/account/profile/")
    submit(customer.reader, page, "name", name=right)
    owner = company.staff()
    assert right in customer.reader.get("/account/profile/").text
    own = customer.reader.get("/account/my-data/").words
    assert right in own
    assert customer.seed.name in own
    assert "earlier" in own
    person = ref_of(look_up(owner, customer.seed.email, purpose="support"))
    history = owner.get(f"/console/people/{person}/history").words
    assert "changed" in history
    acts = company.rows(
        "SELECT count(*) FROM (SELECT CAST(body AS TEXT) AS b FROM ledger_entry UNION"
        " SELECT CAST(body AS TEXT) FROM ledger_pending)"
        """ WHERE b LIKE '%"act":"accounts.corrected"%' AND b LIKE ?""",
        f"%{person}%",
    )
    assert acts == [(1,)]
