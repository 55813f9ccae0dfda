"""What is harmful is reported, looked at, and goes on a ground alone; its author is told."""

from __future__ import annotations

import re

import pytest

from proofs.asking import until, write_mail
from proofs.casework import Case
from proofs.company import Company, submit
from proofs.customers import Customer
from support.reader import Page

HERE = "/console/conversations/"


def ticket(company: Company, writer: Customer) -> str:
    """Somebody writes to the desk, and somebody of the staff has it. Its reference."""
    seed = writer.seed
    write_mail(company, seed.email, "support@com1.example", "Hear me", seed.message)
    company.mails(seed.email, "[#", seconds=90)
    agent = company.staff("Agent")
    [(ref,)] = company.rows(
        "SELECT ref FROM conversations_conversation ORDER BY number DESC LIMIT 1"
    )
    submit(agent, agent.get(f"{HERE}{ref}"), "revision", to=f"{ref}/change", do="take")
    assert seed.message in agent.get(f"{HERE}{ref}").words
    return str(ref)


def reported(company: Company, ref: str) -> Case:
    """It is reported from the page where it stands."""
    agent, owner = company.staff("Agent"), company.staff("Owner")
    before = set(re.findall(r"/console/cases/([0-9a-f]{32})", owner.get("/console/cases/").text))
    [path] = re.findall(r'href="(/console/cases/report/[^"]+)"', agent.get(f"{HERE}{ref}").text)
    assert submit(agent, agent.get(path), "words", words="").status == 422
    submit(agent, agent.get(path), "words", words="It threatens a colleague.")
    after = set(re.findall(r"/console/cases/([0-9a-f]{32})", owner.get("/console/cases/").text))
    [fresh] = after - before
    return Case(company, f"/console/cases/{fresh}", owner)


def decided(case: Case, done: str, ground: str = "") -> Page:
    return case.does("moderate", done=done, ground=ground)


@pytest.mark.clause("com1-31")
def test_a_reported_message_goes_on_a_ground_and_its_author_is_told(company: Company) -> None:
    writer = Customer.with_account(company)
    ref = ticket(company, writer)
    case = reported(company, ref)
    assert "It threatens a colleague." in case.page().words
    # Nothing goes without a ground of the policy, nor by somebody who sees to no cases.
    assert decided(case, "deleted").status == 409
    assert decided(case, "deleted", "dislike").status == 409
    assert case.does("moderate", company.staff("Agent"), done="deleted").status == 403
    agent = company.staff("Agent")
    assert writer.seed.message in agent.get(f"{HERE}{ref}").words
    assert "It is decided" in decided(case, "deleted", "harm-to-others").words
    assert writer.seed.message not in agent.get(f"{HERE}{ref}").words
    # The author is told with the clause, on their record too, and can object.
    [mail] = company.mails(writer.seed.email, "reported as harmful")
    words = str(mail.message.get_body(("plain",)))
    assert "6.7" in words
    assert "harm to others" in words
    assert "It was deleted" in writer.reader.get("/account/my-data/").words
    there = company.reader()
    link = company.link(writer.seed.email, "/cases/answer/")
    page = submit(there, there.get(link), "words", words="It was a quotation.")
    assert "We have your objection" in page.words
    assert "It was a quotation." in case.page().words
    assert "Decide" in case.page().words
    # Blocked: what is written there afterwards does not come in.
    other = Customer.new(company)
    ref = ticket(company, other)
    case = reported(company, ref)
    assert "It is decided" in decided(case, "blocked", "use-policy-violation").words
    company.mails(other.seed.email, "it was blocked")
    [(before,)] = company.rows("SELECT last_seq FROM conversations_conversation WHERE ref = ?", ref)
    [number] = company.rows("SELECT number FROM conversations_conversation WHERE ref = ?", ref)[0]
    write_mail(company, other.seed.email, "support@com1.example", f"Re: [#{number}]", "Again")
    newest = "SELECT max(number) FROM conversations_conversation"
    until(lambda: company.rows(newest)[0][0] > number, "another conversation")
    assert company.rows("SELECT last_seq FROM conversations_conversation WHERE ref = ?", ref) == [
        (before,)
    ]
