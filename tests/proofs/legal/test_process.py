"""What a court orders: on paper, checked, approved by two, and no more than it names."""

from __future__ import annotations

import json
import re

import pytest

from proofs.asking import Asker
from proofs.casework import PAPER, Case, ask, bodies, day, second, wrote
from proofs.company import Company
from proofs.customers import Customer
from support.seeded import assert_nowhere

CLAUSES = {"comantra": "4.21", "com1": "5.16", "comintech": "5.15", "comm100": "7.7"}
NAME, EMAIL = "user.name", "user.contact"


@pytest.mark.clause("comantra-18", "com1-24", "comintech-38", "comm100-46")
def test_a_legal_case_needs_paper_scope_and_two(company: Company) -> None:
    named, other = (wrote(company, Customer.new(company)) for _ in range(2))
    clause = CLAUSES[company.site.company]
    owner = company.staff("Owner")
    # Nobody gets it by the policy's word alone; nor is a case of a ground it does not name.
    assert company.why(purpose="legal", data=NAME, to="courts").startswith("denied")
    assert ask(company, clause, people=named.seed.email, ground="curiosity").status == 422
    assert ask(company, clause, people=named.seed.email, categories=[]).status == 422
    assert ask(company, clause, people=named.seed.email, ends="").status == 422
    kept = ask(company, clause, people=f"nobody-{named.seed.email}")
    assert kept.status == 422
    assert f"nobody-{named.seed.email}" in kept.text
    for writing in ("authority", "judgement"):
        assert ask(company, clause, people=named.seed.email, **{writing: ""}).status == 422
    case = Case.open(company, clause, people=named.seed.email, categories=[NAME])
    # The paper, and no file that is none.
    missing = case.page().words
    assert "the document" in missing.lower()
    assert "Not yet" in case.does("submit").words
    assert case.add(b"MZ\x90\0 not a paper", "order.exe").status == 422
    assert case.add(PAPER + b"\0" * (10 * 1024 * 1024), "order.pdf").status == 422
    assert "order.pdf" in case.add().words
    [paper] = re.findall(rf'href="({case.path}/documents/[^"]+)"', case.page().text)
    assert owner.get(paper).content == PAPER
    assert f"§ {clause}" in owner.get("/console/cases/new").words
    # The second person is not the first, and nobody without that ability.
    assert "has to look at it now" in case.does("submit").words
    assert case.does("approve").status == 403
    assert case.does("approve", company.staff("Agent")).status == 403
    refused = case.hand_over()
    assert refused.status == 403
    assert "not approved" in refused.words
    waits = second(company).get("/console/").words
    assert "waits for a second person" in waits
    assert "It is approved" in case.does("approve", second(company)).words
    # The bundle: once, for whoever may open cases, with the scope and nothing else.
    assert case.hand_over(second(company)).status == 403
    bundle = case.bundle()
    [person] = bundle.data["people"]
    assert [one["value"] for one in person["held"]] == [named.seed.name]
    assert bundle.data["authority"].startswith("Harbour District Court")
    for secret in (named.seed.email, named.seed.message, *other.seed.values()):
        assert secret not in bundle.everything
    again = case.hand_over()
    assert again.status == 409
    assert "already" in again.words
    # On the ledger for the person, with the case and the clause; what was written is sealed.
    [given] = [one for one in bodies(company, case.ref) if one["act"] == "gate.disclosed"]
    assert given["subject"] == person["person"]
    assert (given["to"], given["clause"], given["data"]) == ("courts", clause, [NAME])
    acts = {one["act"] for one in bodies(company, case.ref)}
    assert {"cases.opened", "cases.document", "cases.submitted", "cases.approved"} <= acts
    assert_nowhere(["Harbour District Court", "an order, as paper"], company.site.home)
    closes(company, clause, named)


def closes(company: Company, clause: str, named: Customer) -> None:
    """A closed case opens nothing."""
    closed = Case.open(company, clause, people=named.seed.email, categories=[NAME])
    closed.add()
    closed.approved()
    assert "closed" in closed.does("close", outcome="withdrawn").words
    refused = closed.hand_over()
    assert refused.status == 403
    assert "closed, or its end" in refused.words


def seen_by(named: Customer) -> tuple[list[int], set[str]]:
    """What their own pages answer, and which acts the entries are of that they list."""
    pages = [named.reader.get(path) for path in ("/account/my-data/", "/account/requests/")]
    listed = re.findall(r"/account/my-data/receipts/[0-9a-f-]{36}\.json", pages[0].text)
    receipts = [json.loads(named.reader.get(path).text)["entry"] for path in listed]
    told = {one["act"] for one in receipts if one["act"].startswith(("gate.d", "cases."))}
    return [one.status for one in pages], told


@pytest.mark.clause("com1-28")
def test_a_warrant_opens_what_was_written_in_its_time_and_until_its_day(company: Company) -> None:
    named, other = Customer.with_account(company), Customer.new(company)
    wrote(company, named)
    wrote(company, other)
    people = named.seed.email
    assert ask(company, "6.4", people=people, judgement="").status == 422
    assert ask(company, "6.4", people=people, ends=day(-1)).status == 422
    # Written after what the warrant means: not in it, though all else is.
    early = Case.open(company, "6.4", people=people, ground="warrant", until=day(-1))
    early.add()
    bundle = early.approved().bundle()
    assert bundle.data["people"][0]["held"] == []
    assert bundle.manifest["left_out"][0]["reason"] == "nothing-held"
    # Past its day it opens nothing, whoever asks.
    ended = Case.open(company, "6.4", people=people, ground="warrant")
    ended.add()
    ended.approved().passed()
    assert "its day has passed" in ended.page().words
    assert ended.hand_over().status == 403
    assert "its end date has passed" in ended.hand_over().words
    # In its time and scope it does; and while an order forbids it, their record says nothing.
    before = seen_by(named)
    given = {"people": people, "ground": "warrant", "since": day(-1)}
    case = Case.open(company, "6.4", **given, silent=day(20))
    assert "Checked seal and signature" in case.page().words
    case.add()
    bundle = case.approved().bundle()
    [person] = bundle.data["people"]
    assert [one["value"] for one in person["held"]] == [named.seed.message]
    for secret in (named.seed.email, other.seed.message):
        assert secret not in bundle.everything
    assert "not before" in case.page().words
    # Nor of what was refused under it; nor what they ask for a copy of; all as before, and whole.
    refused = Case.open(company, "6.4", **given, silent=day(20))
    refused.add()
    refused.approved().passed()
    assert refused.hand_over().status == 403
    assert "gate.denied" in {one["act"] for one in bodies(company, refused.ref)}
    assert seen_by(named) == before
    asker = Asker(company, named.seed, named.reader)
    copy = asker.package(asker.ask_in_account("access"))
    told = json.dumps(copy["data"])
    assert named.seed.message in told
    for secret in (case.ref, refused.ref, "to Courts and authorities"):
        assert secret not in told
    assert case.ref not in copy["page"]  # which names all recipients of the policy
    case.freed()
    assert "gate.disclosed" in seen_by(named)[1] - before[1]
    assert "to Courts and authorities" in named.reader.get("/account/my-data/").words
