"""The switches that stand above the single ones, at the gate: for one person and for many."""

from __future__ import annotations

import pytest

from proofs.company import Company
from proofs.conftest import Make
from proofs.customers import Customer, pick
from proofs.deciding import answers, passed
from support.reader import Chooser, Page, Reader
from support.seeded import Seed

EMAIL = "user.contact.email"
COLLECTING, ONWARD = "*collecting", "*onward"
PARTNER = "marketing-partner"
ASKED = ("support", "newsletter", "partner-mail")


def untold(source: str) -> str:
    """The policy, with nothing to wait for before a partner that somebody agreed to gets data, and
    with a contact form that asks for news and partners too.
    """
    for old, new in (
        ('choice = "opt-in"\nwindow = "14 days"', 'choice = "opt-in"'),
        ('version = "', 'version = "untold-'),
        (FOR, f'{FOR[:-1]}, "newsletter", "partner-mail"]'),
    ):
        assert old in source
        source = source.replace(old, new, 1)
    return source + MORE


MORE = """
[[collect]]
clause = "99.1"
at = "forms.contact"
title = "News"
optional = ["domain-wish"]
for = ["newsletter"]
text = "For news about the names you would like to have."

[elements.domain-wish]
data = "user.contact.url"
label = "A name you would like"
"""
FOR = 'for = ["fulfilment", "support", "service-notices", "legal"]'


def open_for(company: Company, person: str) -> set[tuple[str, str]]:
    """For what an address may be used, and to whom it may go."""
    to = {"to": ["", PARTNER]}
    said = answers(company.site, purposes=ASKED, data=[EMAIL], person=person, **to)
    return {(purpose, party) for purpose, _, party in passed(said)}


def in_file(company: Company, purpose: str, email: str) -> bool:
    """Whether somebody is among those that the staff get for a purpose."""
    staff = company.staff("Owner")
    page = pick(staff, staff.get("/console/people/export"), purpose)
    token = ("csrfmiddlewaretoken", page.inputs("csrfmiddlewaretoken")[0])
    return email in staff.post("/console/people/export", [token]).text


def held(company: Company, category: str) -> int:
    rows = company.rows("SELECT count(*) FROM people_element WHERE category = ?", category)
    return int(rows[0][0])


def written(company: Company, act: str) -> int:
    like, kept = f'%"choices.{act}"%', "SELECT count(*) FROM {} WHERE CAST(body AS TEXT) LIKE ?"
    found = (company.rows(kept.format(f"ledger_{one}"), like) for one in ("entry", "pending"))
    return sum(rows[0][0] for rows in found)


def save(reader: Reader, page: Page, on: set[str]) -> Page:
    """Save the page of choices in the account with these switches on."""
    sent = [("shown", one) for one in page.inputs("shown")] + [("on", one) for one in sorted(on)]
    sent += [(one, page.inputs(one)[0]) for one in ("version", "csrfmiddlewaretoken")]
    return reader.post(page.url, sent)


@pytest.mark.clause("comintech-25")
def test_two_switches_end_collecting_beyond_need_and_giving_to_others(make_company: Make) -> None:
    with make_company(policy=untold) as company:
        seed, reader = Seed.new(), company.reader()
        company.send(reader, "contact", name=seed.name, email=seed.email, message=seed.message)
        path = company.link(seed.email, "/preferences/")
        me = Chooser(company.site, Reader(company.site.url, headers=reader.headers), seed, path)
        assert not {COLLECTING, ONWARD} & me.open().ticked(), "nobody asked for it yet"
        me.choose(me.open(), on=("newsletter", "partner-mail"))
        usual = {(purpose, "") for purpose in ASKED} | {("partner-mail", PARTNER)}
        assert open_for(company, me.ref) == usual
        assert in_file(company, "newsletter", seed.email)
        # Nothing to third parties: the company itself goes on.
        page = me.choose(me.open(), on=(ONWARD,))
        assert "You asked that nothing of yours go to others" in page.words
        assert open_for(company, me.ref) == usual - {("partner-mail", PARTNER)}
        assert in_file(company, "newsletter", seed.email)
        # No collecting beyond what is necessary: the service goes on.
        page = me.choose(me.open(), on=(COLLECTING,), off=(ONWARD,))
        assert "You asked that nothing be collected beyond" in page.words
        assert open_for(company, me.ref) == {("support", "")}
        assert not in_file(company, "newsletter", seed.email)
        assert in_file(company, "support", seed.email)
        again = {"name": seed.name, "email": seed.email, "message": "Once more."}
        before = held(company, "user.contact.url"), held(company, "user.content.private")
        company.send(reader, "contact", **again, domain_wish="quill.example")
        after = held(company, "user.contact.url"), held(company, "user.content.private")
        assert after[0] == before[0], "what only the newsletter needs is not collected"
        assert after[1] > before[1], "what is needed to answer is"
        # Both can be undone, and what was chosen beneath them holds again.
        page = me.choose(me.open(), off=(COLLECTING,))
        assert "You lifted your request to collect only" in page.words
        assert open_for(company, me.ref) == usual
        assert in_file(company, "newsletter", seed.email)
        company.send(reader, "contact", **again, domain_wish="quill.example")
        assert held(company, "user.contact.url") == before[0] + 1
        for act in ("collection_refused", "collection_again", "onward_refused", "onward_again"):
            assert written(company, act) == 1, act


@pytest.mark.clause("comintech-25")
def test_both_switches_stand_in_the_account_too(company: Company) -> None:
    customer = Customer.with_account(company)
    page = customer.reader.get("/account/choices/")
    assert "No collecting beyond what is necessary" in page.words
    assert "Nothing to third parties" in page.words
    before = page.ticked()
    page = save(customer.reader, page, before | {COLLECTING, ONWARD})
    assert "You asked that nothing be collected beyond" in page.words
    assert "You asked that nothing of yours go to others" in page.words
    assert {COLLECTING, ONWARD} <= page.ticked()
    page = save(customer.reader, page, page.ticked() - {COLLECTING, ONWARD})
    assert not {COLLECTING, ONWARD} & page.ticked()
    assert page.ticked() == before
