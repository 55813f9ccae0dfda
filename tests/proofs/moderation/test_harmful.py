"""What is harmful is reported, looked at, and goes on a ground alone; its author is told."""

from __future__ import annotations

import re
import shutil
import sqlite3
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest

from proofs.asking import post, until, write_mail
from proofs.casework import Case
from proofs.company import Company, submit
from proofs.customers import Customer
from support.installations import Installation
from support.reader import Page

HERE = "/console/conversations/"
DESK = "support@com1.example"
WHAT = {
    "words": "SELECT count(*) FROM people_element WHERE record = ?",
    "files": "SELECT count(*) FROM conversations_attachment WHERE message_id = ?",
    "mail": "SELECT count(*) FROM conversations_rawmail WHERE message_id = ?",
    "message": "SELECT count(*) FROM conversations_message WHERE id = ?",
}
WHOLE = {"words": True, "files": True, "mail": True, "message": True}
GONE = {"words": False, "files": False, "mail": False, "message": True}


def ticket(company: Company, writer: Customer) -> str:
    """Somebody writes to the desk, and somebody of the staff has it. Its reference."""
    seed = writer.seed
    message = EmailMessage()
    message.set_content(seed.message)
    message.add_attachment(seed.message.encode(), "text", "plain", filename="again.txt")
    message["From"], message["To"] = f"Somebody <{seed.email}>", DESK
    message["Subject"] = "Hear me"
    for number in range(1_001):  # so strange a mail is kept as it came, beside its message
        message[f"X-{number}"] = "1"
    post(company, message, seed.email, DESK)
    company.mails(seed.email, "[#")
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


def stored(home: Path, message: str) -> dict[str, bool]:
    """What a database has of a message, read past the software."""
    with closing(sqlite3.connect(home / "main.sqlite3")) as database:
        return {
            what: bool(database.execute(query, (message,)).fetchone()[0])
            for what, query in WHAT.items()
        }


def first_of(company: Company, ref: str) -> str:
    """The id of what began a conversation."""
    [(found,)] = company.rows(
        "SELECT m.id FROM conversations_message m JOIN conversations_conversation c"
        " ON c.id = m.conversation_id WHERE c.ref = ? AND m.seq = 1",
        ref,
    )
    return str(found)


def restored(company: Company, backup: Path, home: Path) -> Path:
    """The backup put back somewhere else, with the erasures that came after it."""
    home.mkdir()
    shutil.copy(company.site.home / "master.key", home)
    there = Installation(home, company.site.company, company.site.environment)
    there.run("restore", backup, "--erasures", company.site.home / "erasures.log")
    return home


def objected(company: Company, writer: Customer) -> None:
    """The author says why they think otherwise, by the link in the mail."""
    there = company.reader()
    link = company.link(writer.seed.email, "/cases/answer/")
    page = submit(there, there.get(link), "words", words="It was a quotation.")
    assert "We have your objection" in page.words


@pytest.mark.clause("com1-31")
def test_a_reported_message_goes_on_a_ground_and_its_author_is_told(
    company: Company, tmp_path: Path
) -> None:
    writer, bystander = Customer.with_account(company), Customer.new(company)
    ref, beside = ticket(company, writer), first_of(company, ticket(company, bystander))
    message = first_of(company, ref)
    case = reported(company, ref)
    assert "It threatens a colleague." in case.page().words
    # Nothing goes without a ground of the policy, nor by somebody who sees to no cases.
    assert decided(case, "deleted").status == 409
    assert decided(case, "deleted", "dislike").status == 409
    assert case.does("moderate", company.staff("Agent"), done="deleted").status == 403
    agent = company.staff("Agent")
    assert writer.seed.message in agent.get(f"{HERE}{ref}").words
    backup = company.site.home / "before.backup"
    company.site.run("backup", backup)
    assert stored(company.site.home, message) == WHOLE
    assert "It is decided" in decided(case, "deleted", "harm-to-others").words
    assert writer.seed.message not in agent.get(f"{HERE}{ref}").words
    # Not in the words, the files, the mail it came as, nor in a backup that is put back later.
    assert stored(company.site.home, message) == GONE
    again = restored(company, backup, tmp_path / "restored")
    backup.unlink()
    assert (stored(again, message), stored(again, beside)) == (GONE, WHOLE)
    # The author is told with the clause, on their record too, and can object.
    [mail] = company.mails(writer.seed.email, "reported as harmful")
    words = str(mail.message.get_body(("plain",)))
    assert "6.7" in words
    assert "harm to others" in words
    assert "It was deleted" in writer.reader.get("/account/my-data/").words
    objected(company, writer)
    assert "It was a quotation." in case.page().words
    # They were right: they hear it, and that what is deleted does not come back.
    assert "It is decided" in decided(case, "kept").words
    company.mails(writer.seed.email, "free to send it again")
    assert "taken back" in case.page().words
    assert stored(company.site.home, message) == GONE


@pytest.mark.clause("com1-31")
def test_a_block_keeps_what_is_written_out_until_it_is_taken_back(company: Company) -> None:
    other = Customer.new(company)
    ref = ticket(company, other)
    case = reported(company, ref)
    assert decided(case, "blocked").status == 409
    assert "It is decided" in decided(case, "blocked", "use-policy-violation").words
    company.mails(other.seed.email, "it was blocked")
    looked_up = "SELECT last_seq, number FROM conversations_conversation WHERE ref = ?"
    [(before, number)] = company.rows(looked_up, ref)
    write_mail(company, other.seed.email, DESK, f"Re: [#{number}]", "Again")
    newest = "SELECT max(number) FROM conversations_conversation"
    until(lambda: company.rows(newest)[0][0] > number, "another conversation")
    assert company.rows(looked_up, ref) == [(before, number)]
    # After an objection it stays as it was decided, or the block is taken back.
    objected(company, other)
    assert company.rows(looked_up, ref) == [(before, number)]
    assert "It is decided" in decided(case, "kept").words
    company.mails(other.seed.email, "The block is taken back")
    write_mail(company, other.seed.email, DESK, f"Re: [#{number}]", "And now")
    until(lambda: company.rows(looked_up, ref)[0][0] > before, "it comes in again")
