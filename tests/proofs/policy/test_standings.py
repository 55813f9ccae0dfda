"""People who think of becoming clients, who are, and who were: all of them under the policy."""

from __future__ import annotations

import json

import pytest

from proofs.company import Company, submit
from proofs.customers import Customer, look_up, ref_of
from support.seeded import Seed

STANDINGS = ("Prospective client", "Current client", "Former client")


def moves(company: Company, ref: str) -> list[tuple[str, str, str]]:
    """How somebody's standing moved, as the ledger has it."""
    rows = company.rows("SELECT CAST(body AS TEXT) FROM ledger_entry") + company.rows(
        "SELECT CAST(body AS TEXT) FROM ledger_pending"
    )
    found = [json.loads(body) for (body,) in rows if '"people.standing_moved"' in body]
    found = [one["detail"] for one in found if one["subject"] == ref]
    return [(one["before"], one["now"], one["cause"]) for one in found]


@pytest.mark.clause("comintech-04")
def test_each_of_the_three_is_handled_and_each_move_is_recorded(company: Company) -> None:
    owner, asks = company.staff("Owner"), Seed.new()
    company.send(
        company.reader(), "contact", name=asks.name, email=asks.email, message=asks.message
    )
    client, gone = Customer.with_account(company), Customer.with_account(company)
    people = [asks, client.seed, gone.seed]
    pages = [look_up(owner, seed.email, purpose="support") for seed in people]
    refs = [ref_of(page) for page in pages]
    assert "Prospective client" in pages[0].words
    assert "Current client" in pages[1].words, "an account makes a client"
    assert moves(company, refs[0]) == []
    assert moves(company, refs[1]) == [("prospective", "current", "registered")]
    # The end of the contract, noted by the staff, makes a former one.
    form = owner.get(f"/console/people/{refs[2]}/ended")
    submit(owner, form, "what", what="contract", on="2026-01-31")
    assert moves(company, refs[2])[1:] == [("current", "former", "contract-ended")]
    # All three are handled under the policy: opened for a purpose, shown, on the ledger.
    for seed, ref, standing in zip(people, refs, STANDINGS, strict=True):
        page = owner.get(f"/console/people/{ref}")
        assert standing in page.words
        assert seed.email in page.words
        told = owner.get(f"/console/people/{ref}/history").words
        assert "read" in told
    assert "you are a former client" in gone.reader.get("/account/my-data/").words.lower()
    told = owner.get(f"/console/people/{refs[2]}/history").words
    assert "former client" in told
    assert "prospective clients" in company.reader().get("/policy").words
    # By hand, to and fro; to note what is so already moves nobody.
    for wanted in ("current", "current", "former"):
        submit(owner, owner.get(f"/console/people/{refs[0]}/standing"), "standing", standing=wanted)
    assert moves(company, refs[0]) == [
        ("prospective", "current", "by-hand"), ("current", "former", "by-hand"),
    ]  # fmt: skip
    rows = company.rows(
        "SELECT c.what FROM retention_closing c JOIN people_person p ON p.id = c.person_id"
        " WHERE p.ref = ?",
        refs[0],
    )
    assert rows == [("contract",)], "what is kept until after the contract's end counts from here"
    agent = company.staff("Agent").get(f"/console/people/{refs[0]}/standing")
    assert agent.status == 403
