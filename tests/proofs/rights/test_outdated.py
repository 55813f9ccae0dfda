"""Data is right and needed: stale addresses are reported, and fields that no purpose uses."""

from __future__ import annotations

import pytest

from proofs.company import Company, publish
from proofs.conftest import Make
from proofs.customers import look_up, ref_of
from support.pages import submit
from support.reader import Reader
from support.seeded import Seed

OUTDATED = "/console/retention/outdated"
PHONE, EMAIL = "user.contact.phone_number", "user.contact.email"


def without_phones(source: str) -> str:
    """The next version of the policy, which asks nobody for a number any more."""
    return source.replace(f'data = "{PHONE}"', 'data = "user.contact.fax_number"').replace(
        'version = "', 'version = "numberless-', 1
    )


def held(company: Company, category: str, ref: str) -> int:
    rows = company.rows(
        "SELECT count(*) FROM people_element e JOIN people_person p ON p.id = e.person_id"
        " WHERE e.category = ? AND p.ref = ?",
        *(category, ref),
    )
    return int(rows[0][0])


def removed(company: Company, reason: str) -> int:
    like = f'%"retention.removed"%"{reason}"%'
    found = (
        company.rows(f"SELECT count(*) FROM {table} WHERE CAST(body AS TEXT) LIKE ?", like)
        for table in ("ledger_entry", "ledger_pending")
    )
    return sum(rows[0][0] for rows in found)


def writes(company: Company, staff: Reader) -> str:
    """Somebody asks something, phone number and all: who they are to the staff."""
    seed = Seed.new()
    company.send(
        *(company.reader(), "contact"), name=seed.name, email=seed.email, phone=seed.phone,
        message=seed.message,
    )  # fmt: skip
    return ref_of(look_up(staff, seed.email, purpose="support"))


@pytest.mark.clause("comintech-28")
def test_what_is_stale_or_used_by_nothing_is_listed_and_goes_in_one_act(
    make_company: Make,
) -> None:
    with make_company() as company:
        me = Seed.new()
        owner = company.new_staff("Owner", seed=me)
        asks = writes(company, owner)
        page = owner.get(OUTDATED)
        assert "Every field that is held has a purpose" in page.words
        assert "No address is stale" in page.words
        publish(company.site, without_phones)
        page = owner.get(OUTDATED)
        assert f"{PHONE}:phone" in page.inputs("what")
        assert not [one for one in page.inputs("what") if one.startswith(EMAIL)]
        unsure = submit(owner, page, "what", what=f"{PHONE}:phone")
        assert unsure.status == 422
        assert held(company, PHONE, asks) == 1
        submit(owner, page, "what", what=f"{EMAIL}:email", confirmed="on")
        assert held(company, EMAIL, asks) == 1, "what a purpose uses does not go so"
        done = submit(owner, page, "what", what=f"{PHONE}:phone", confirmed="on")
        assert "Gone, and on the ledger: 1" in done.words
        assert held(company, PHONE, asks) == 0
        assert held(company, EMAIL, asks) == 1
        assert removed(company, "unused") == 1
        assert company.staff("Agent").get(OUTDATED).status == 403
        with company.later(800) as later:
            staff = later.reader()
            later.log_in(staff, me.email)
            fresh = writes(later, staff)
            page = staff.get(OUTDATED)
            assert f"/console/people/{asks}" in page.text
            assert f"/console/people/{fresh}" not in page.text
            submit(staff, page, "what", what="stale", confirmed="on")
            assert held(company, EMAIL, asks) == 0
            assert held(company, EMAIL, fresh) == 1
            assert removed(company, "stale") == 1
            assert "No address is stale" in staff.get(OUTDATED).words
            again = later.reader()
            later.log_in(again, me.email)
            assert again.get("/console/").status == 200, "an account keeps what it stands on"
