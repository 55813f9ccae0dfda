"""Data goes to a new owner only after each person was told, and without those who object."""

from __future__ import annotations

import io
import json
import re
import zipfile
from email import message_from_string
from email.message import EmailMessage
from email.mime.message import MIMEMessage

import pytest

from proofs.asking import post, until
from proofs.casework import Case, bodies, second, wrote
from proofs.company import Company
from proofs.conftest import Make
from proofs.customers import Customer
from support.pages import submit
from support.reader import Page

CLAUSES = {"com1": "5.12", "comantra": "4.26", "comintech": "5.17"}
NAME, EMAIL = "user.name", "user.contact"


def export(case: Case) -> Page:
    """Ask for what moves, whatever the page offers."""
    [token] = case.opener.get("/console/").inputs("csrfmiddlewaretoken")[:1]
    return case.opener.post(f"{case.path}/export", [("csrfmiddlewaretoken", token)])


def states(company: Company, case: Case) -> list[str]:
    rows = company.rows(
        "SELECT concern.state FROM cases_concern AS concern JOIN cases_case AS found"
        " ON found.id = concern.case_id WHERE found.ref = ?",
        case.ref,
    )
    return sorted(state for (state,) in rows)


def told_or_listed(company: Company, case: Case) -> list[int]:
    """How many are listed as not reached, and how many are told."""
    found = states(company, case)
    return [found.count("bounced"), found.count("told")]


def told_of(company: Company) -> int:
    """For how many the time to refuse the new owner runs."""
    rows = company.rows("SELECT count(*) FROM recipients_foretold WHERE recipient = 'new-owner'")
    return int(rows[0][0])


def send_back(company: Company, address: str, return_path: str) -> None:
    """What somebody's server writes a while after it took a mail (RFC 3464)."""
    report = EmailMessage()
    report["From"], report["To"] = "Mailer <postmaster@far.example>", return_path
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report.set_content("It could not be delivered to the mailbox.")
    report.make_mixed()
    report.set_type("multipart/report")
    fields = f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n"
    host, about = map(message_from_string, ("Reporting-MTA: dns; far.example\n", fields))
    status = MIMEMessage(host, "delivery-status")
    status.set_payload([host, about])
    report.attach(status)
    post(company, report, "", return_path)


def comes_back(company: Company, case: Case, late: Customer) -> None:
    """A server that took the mail sends it back afterwards: they were not told after all."""
    [letter] = company.mails(late.seed.email, "Tidewater Holdings")
    forged = re.sub(r"-[0-9a-f]{20}@", f"-{'0' * 20}@", letter.sender)
    send_back(company, late.seed.email, forged)
    send_back(company, late.seed.email, letter.sender)
    until(lambda: told_or_listed(company, case) == [2, 2], "what came back does not count")
    assert told_of(company) == 2


@pytest.mark.clause("com1-16", "comantra-21", "comintech-39")
def test_everybody_is_told_and_may_stay_out_before_anything_moves(make_company: Make) -> None:
    with make_company() as company:
        people = [wrote(company, Customer.new(company)) for _ in range(4)]
        goes, stays, lost, late = people
        company.post.refused.add(lost.seed.email)
        clause = CLAUSES[company.site.company]
        case = Case.open(company, clause, categories=[NAME, EMAIL])
        assert "has to look at it now" in case.does("submit").words
        assert case.does("tell").status == 409
        assert export(case).status == 409
        case.does("approve", second(company))
        assert export(case).status == 403
        assert "are on their way" in case.does("tell").words
        # Each affected person has the mail, with who takes over, what moves, and the clause.
        for one in (goes, stays, late):
            [mail] = company.mails(one.seed.email, "Tidewater Holdings")
            assert clause in str(mail.message.get_body(("plain",)))
        until(lambda: told_or_listed(company, case) == [1, 3], "all told or listed")
        assert told_of(company) == 3
        comes_back(company, case, late)
        page = case.page()
        assert "The mail did not reach them" in page.words
        told = [one for one in bodies(company, case.ref) if one["act"] == "cases.told"]
        assert len({one["subject"] for one in told}) == 3
        untold = [one for one in bodies(company, case.ref) if one["act"] == "cases.untold"]
        assert len({one["subject"] for one in untold}) == 2
        # By the link, without a log-in; looking at it is no objection.
        link = company.link(stays.seed.email, "/cases/object/")
        there = company.reader()
        assert "Tidewater Holdings" in there.get(link).words
        assert told_or_listed(company, case) == [2, 2]
        assert "stays out of it" in submit(there, there.get(link), to="/cases/object/").words
        # Not before the time is over; what would move then is who was told and did not object.
        denied = export(case)
        assert denied.status == 403
        assert "Nothing moves yet" in denied.words
        case.waited()
        page = export(case)
        assert page.headers["Content-Type"] == "application/zip", page.words
        with zipfile.ZipFile(io.BytesIO(page.content)) as archive:
            lines = archive.read("people.jsonl").decode()
            manifest = json.loads(archive.read("manifest.json"))
        [moved] = [json.loads(line) for line in lines.splitlines()]
        values = {one["value"] for one in moved["held"]}
        assert {goes.seed.name, goes.seed.email} <= values
        assert goes.seed.message not in lines
        for one in (stays, lost, late):
            assert one.seed.email not in lines
            assert one.seed.name not in lines
        assert manifest["left_out"] == {"bounced": 2, "objected": 1}
        # It is on the ledger in one piece, with the case, and is done once.
        given = [one for one in bodies(company, case.ref) if one["act"] == "gate.disclosed_many"]
        assert {(one["to"], one["clause"], one["count"]) for one in given} == {
            ("new-owner", clause, 1)
        }
        assert export(case).status == 409
