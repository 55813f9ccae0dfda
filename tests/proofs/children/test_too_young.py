"""Who is too young leaves nothing, and what a child left all the same goes without a trace."""

from __future__ import annotations

import pytest

from proofs.company import Company, submit
from proofs.customers import REGISTER, Customer, look_up, ref_of
from support.pages import form
from support.seeded import Seed, assert_nowhere

AGE = 13
REFUSED = 422
ROWS = (
    "SELECT (SELECT count(*) FROM people_person), (SELECT count(*) FROM people_element),"
    " (SELECT count(*) FROM forms_submission), (SELECT count(*) FROM accounts_registration),"
    " (SELECT count(*) FROM forms_signup)"
)
PATHS = {
    "comantra": ("/forms/contact", "/forms/appointment", "/forms/drop-off", REGISTER),
    "comintech": ("/forms/contact", "/forms/get-in-touch", "/forms/newsletter", REGISTER),
}


def purged(company: Company) -> list[tuple[str, ...]]:
    """What the ledger has of children, in clear."""
    return [
        (act, body)
        for act, body in (
            (found, row)
            for (row,) in company.rows("SELECT CAST(body AS TEXT) FROM ledger_pending"
                                       " UNION ALL SELECT CAST(body AS TEXT) FROM ledger_entry")
            for found in ("forms.child_refused", "people.child_purged")
            if f'"{found}"' in row
        )
    ]  # fmt: skip


@pytest.mark.clause("comantra-47", "comintech-51")
def test_who_says_they_are_too_young_leaves_nothing(company: Company) -> None:
    marks = len(purged(company))
    for path in PATHS[company.site.company]:
        customer, before = Customer.new(company), company.rows(ROWS)
        seed, page = customer.seed, customer.reader.get(path)
        names = form(page, "email").names()
        known = customer.values() | {"message": seed.message, "item": "Laptop"}
        given = {name: value for name, value in known.items() if name in names}
        assert f"under {AGE}" in page.words or f"Are you {AGE} or older?" in page.words
        young = {"age": "no"} if path == REGISTER else {"under_the_age": "on"}
        answer = submit(customer.reader, page, "email", **given | young)
        assert answer.status == REFUSED
        assert seed.email not in answer.text
        assert company.rows(ROWS) == before
        assert_nowhere([seed.name, seed.email, seed.message], company.site.home)
    assert len(purged(company)) == marks + len(PATHS[company.site.company])


@pytest.mark.clause("comantra-47", "comintech-51")
def test_a_child_who_is_reported_is_removed_wholly(company: Company) -> None:
    child, other = Seed.new(), Seed.new()
    for seed in (child, other):
        company.send(
            company.reader(), "contact", name=seed.name, email=seed.email, message=seed.message
        )
        company.mails(seed.email)
    owner = company.staff()
    refs = [ref_of(look_up(owner, one.email, purpose="support")) for one in (child, other)]
    [(person,)] = company.rows("SELECT id FROM people_person WHERE ref = ?", refs[0])
    page = owner.get(f"/console/people/{refs[0]}/child")
    submit(owner, page, to="/child", ground="parent", confirmed="on")
    assert owner.get(f"/console/people/{refs[0]}").status == 404
    assert "Nobody found" in look_up(owner, child.email, purpose="support").words
    for table in ("people_element", "forms_submission", "gate_permit"):
        assert not company.rows(f"SELECT 1 FROM {table} WHERE person_id = ?", person)
    assert not company.rows("SELECT 1 FROM keyring_key WHERE owner = ?", person, of="keyring")
    [mark] = [body for act, body in purged(company) if refs[0] in body]
    assert child.name not in mark
    company.site.run("ledger", "verify")
    assert other.name in look_up(owner, other.email, purpose="support").words
