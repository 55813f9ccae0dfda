"""What people wrote leaves the house by no table, whoever asks for one."""

from __future__ import annotations

import json

import pytest

from proofs.company import Company
from proofs.customers import Customer, look_up, pick
from support.reader import Page, Reader

EXPORT = "/console/people/export"


def export(staff: Reader, *columns: str) -> Page:
    """Ask for a file with these columns, whatever the page offers; all of them, if none."""
    [token] = staff.get(EXPORT).inputs("csrfmiddlewaretoken")[:1]
    chosen = [("chosen", "1"), *(("column", one) for one in columns)] if columns else []
    return staff.post(EXPORT, [("csrfmiddlewaretoken", token), *chosen])


def denials(company: Company) -> list[dict[str, object]]:
    rows = company.rows("SELECT CAST(body AS TEXT) FROM ledger_pending") + company.rows(
        "SELECT CAST(body AS TEXT) FROM ledger_entry"
    )
    bodies = (json.loads(body) for (body,) in rows if '"gate.denied"' in body)
    return [body for body in bodies if body["detail"].get("reason") == "contents"]


@pytest.mark.clause("com1-25")
def test_contents_are_in_no_export_even_for_an_owner(company: Company) -> None:
    wrote, owner = Customer.new(company), company.staff("Owner")
    seed = wrote.seed
    company.send(wrote.reader, "contact", name=seed.name, email=seed.email, message=seed.message)
    # It is read at the case it belongs to, for what it was written for.
    assert seed.message in look_up(owner, seed.email, purpose="support").words
    page = owner.get(EXPORT)
    assert "Never in an export" in page.words
    assert "user.content.private" not in page.inputs("column")
    chip = page.text.partition("Never in an export")[2]
    assert "Your message" in chip or "Message" in chip
    assert "6.1" in chip
    for purpose in ("support", "legal", "fulfilment"):
        pick(owner, page, purpose)
        for file in (export(owner), export(owner, "user.contact.email")):
            assert "text/csv" in file.headers["Content-Type"], file.words
            assert seed.email in file.text
            assert seed.message not in file.text
    # Whoever asks past the page is refused under the clause, and it is on the ledger.
    for columns in (
        ["user.content.private"], ["user.content"], ["user.contact.email", "user.content.private"],
    ):  # fmt: skip
        before = len(denials(company))
        file = export(owner, *columns)
        assert file.status == 403
        assert "text/csv" not in file.headers["Content-Type"]
        assert seed.message not in file.text
        assert seed.email not in file.text
        assert "What people wrote is in no export" in file.words
        assert "6.1" in file.words
        now = denials(company)
        assert len(now) == before + 1
    assert {(one["clause"], *one["data"]) for one in now} == {  # type: ignore[misc]
        ("6.1", "user.content.private"), ("6.1", "user.content"),
    }  # fmt: skip
    # Nor by a recipient without one of the grounds.
    for party in ("courts", "counsel", "police", "selected-partner"):
        said = company.why(purpose="legal", data="user.content.private", to=party)
        assert said.startswith("denied"), (party, said)
