"""What is said in a conversation goes to whoever takes part in it, and to no other address."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from proofs.asking import until, write_mail
from proofs.company import Company, submit, text_of
from support.pages import form
from support.seeded import Seed

HERE = "/console/conversations/"


def entries(company: Company, to: str) -> list[dict[str, Any]]:
    rows = company.rows("SELECT body FROM ledger_entry") + company.rows(
        "SELECT body FROM ledger_pending"
    )
    found = [json.loads(bytes(body)) for (body,) in rows]
    return [one for one in found if one["to"] == to]


@pytest.mark.clause("com1-26")
def test_a_message_reaches_its_addressee_and_no_other_address(company: Company) -> None:
    ada, eve = Seed.new(), Seed.new()
    write_mail(company, ada.email, "support@com1.example", "My site", ada.message)
    [first] = company.mails(ada.email, "[#", seconds=90)
    [number] = re.findall(r"\[#(\d+)\]", str(first.message["Subject"]))
    [[ref]] = company.rows("SELECT ref FROM conversations_conversation WHERE number = ?", number)
    desk, there = company.staff("Owner"), f"{HERE}{ref}"
    submit(desk, desk.get(there), "revision", to=f"{ref}/change", do="take")
    submit(desk, desk.get(there), "text", to=f"{ref}/write", text="It is up again.", do="send")
    assert company.mails(ada.email, "It is up again.", seconds=90)
    [[person]] = company.rows(
        "SELECT p.ref FROM people_person p JOIN conversations_conversation c "
        "ON c.person_id = p.id WHERE c.ref = ?",
        ref,
    )
    delivered = [one for one in entries(company, "written-to") if one["subject"] == person]
    assert {(one["act"], one["clause"]) for one in delivered} == {("gate.disclosed", "6.2")}

    page = desk.get(there)
    copied = submit(desk, page, "address", to=f"{ref}/copy", address=ada.email.upper())
    assert "A copy is on its way" in copied.words
    [copy] = company.mails(ada.email, "A copy of your conversation", seconds=90)
    assert ada.message.split()[0] in text_of(copy)
    assert "It is up again." in text_of(copy)

    # Typed by staff, or posted by hand: there is no other way for it to go.
    refused = submit(desk, desk.get(there), "address", to=f"{ref}/copy", address=eve.email)
    assert (refused.status, "6.2" in refused.words) == (403, True), refused.words
    [token] = [v for k, v in form(page, "address").fields if k == "csrfmiddlewaretoken"]
    by_hand = [("csrfmiddlewaretoken", token), ("address", f"{ada.email},{eve.email}")]
    assert desk.post(f"{there}/copy", by_hand).status == 403
    denied = until(
        lambda: [o for o in entries(company, "written-to") if o["act"] == "gate.denied"],
        "the attempt is on the ledger",
    )
    mine = [one for one in denied if one["subject"] == person]
    assert {(one["clause"], one["detail"]["reason"]) for one in mine} == {("6.2", "not-addressee")}
    data = "user.content.private"
    for to in ("written-to", "selected-partner", "counsel"):
        said = company.why(purpose="transmission", data=data, person=person, to=to)
        assert "denied" in said, to
    assert not [one for one in company.post.received if eve.email in one.recipients]
