"""The technical contact moves when the owner confirms it by mail, and at nobody else's word."""

from __future__ import annotations

import pytest

from proofs.asking import until
from proofs.company import Company, submit, text_of
from proofs.customers import Customer
from proofs.domains.names import Owned, acts
from support.pages import form
from support.seeded import Seed


@pytest.mark.clause("com1-21")
def test_the_contact_moves_after_the_owner_confirmed_by_mail(company: Company) -> None:
    first, second = Seed.new(), Seed.new()
    owned = Owned.new(company, technical_contact=first.email)
    assert owned.name in text_of(company.mails(first.email, "You are the technical contact")[0])
    sheet = _sheet(company, owned)
    assert (first.email in sheet, second.email in sheet) == (True, False)

    reader = company.reader()
    page = reader.get(company.link(owned.seed.email, "/domains/own/"))
    asked = submit(reader, page, "contact", contact=second.email, do="contact")
    assert "the contact moves when it is followed" in asked.words.lower()
    link = company.link(owned.seed.email, "/domains/move/")
    question = reader.get(link)
    assert second.email in question.words
    assert first.email in _sheet(company, owned)

    submit(reader, question, to="/domains/move/")
    until(lambda: second.email in _sheet(company, owned), "the contact moves")
    assert first.email not in _sheet(company, owned)
    assert company.rows(
        "SELECT count(*) FROM people_element WHERE name = 'technical-contact' AND record = "
        "(SELECT id FROM domains_domain WHERE ref = ?)",
        owned.of_console,
    ) == [(1,)]
    done = acts(company, owned.ref)
    wanted = ["domains.contact_asked", "domains.contact_confirmed", "domains.contact_moved"]
    assert [one for one in done if one in wanted] == wanted
    [[clause, state]] = company.rows(
        "SELECT r.clause, r.state FROM rights_request r JOIN domains_move m ON m.request = r.id "
        "JOIN domains_domain d ON d.id = m.domain_id WHERE d.ref = ?",
        owned.of_console,
    )
    assert (clause, state) == ("8.4", "done")
    assert company.mails(second.email, "You are the technical contact")


@pytest.mark.clause("com1-21")
def test_nobody_else_moves_it(company: Company) -> None:
    first, other = Seed.new(), Seed.new()
    owned = Owned.new(company, technical_contact=first.email)
    stranger = Customer.with_account(company)
    there = f"/account/domains/{owned.of_console}"
    assert stranger.reader.get(there).status == 404
    mine = form(stranger.reader.get("/account/profile/"), "csrfmiddlewaretoken")
    [token] = [value for name, value in mine.fields if name == "csrfmiddlewaretoken"]
    sent = [("csrfmiddlewaretoken", token), ("contact", other.email), ("do", "contact")]
    assert stranger.reader.post(there, sent).status == 404
    assert company.reader().get("/domains/own/forged~token").status == 404

    # Somebody wrote in, and the staff took it down: still it is the owner who says so.
    staff, console = company.staff("Owner"), f"/console/domains/{owned.of_console}"
    submit(staff, staff.get(console), "contact", contact=other.email)
    link = company.link(owned.seed.email, "/domains/move/")
    [[ref, state]] = company.rows(
        "SELECT r.ref, r.state FROM rights_request r JOIN domains_move m ON m.request = r.id "
        "JOIN domains_domain d ON d.id = m.domain_id WHERE d.ref = ?",
        owned.of_console,
    )
    assert state == "unproven"
    page = staff.get(f"/console/requests/{ref}")
    page = submit(staff, page, "reason", do="prove", reason="call")
    assert "has not confirmed this by mail" in page.words
    assert submit(staff, page, to="/do", do="go-on").status == 403
    assert first.email in _sheet(company, owned)
    assert other.email not in _sheet(company, owned)

    reader = company.reader()
    submit(reader, reader.get(link), to="/domains/move/")
    until(lambda: other.email in _sheet(company, owned), "the owner said yes, and it moves")


@pytest.mark.clause("com1-21")
def test_who_is_named_can_leave_by_one_link(company: Company) -> None:
    first = Seed.new()
    owned = Owned.new(company, technical_contact=first.email)
    reader = company.reader()
    page = reader.get(company.link(first.email, "/domains/contact/"))
    assert first.email in _sheet(company, owned)
    assert "not a technical contact here" in submit(reader, page, to="/domains/contact/").words
    assert first.email not in _sheet(company, owned)
    assert company.rows(
        "SELECT count(*) FROM people_element WHERE name = 'technical-contact' AND record = "
        "(SELECT id FROM domains_domain WHERE ref = ?)",
        owned.of_console,
    ) == [(0,)]


def _sheet(company: Company, owned: Owned) -> str:
    """What the registry is told of the domain."""
    staff = company.staff("Owner")
    page = staff.get(f"/console/domains/{owned.of_console}")
    return submit(staff, page, to="/sheet").words
