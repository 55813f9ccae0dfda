"""Mail that becomes a ticket, is answered and comes back; calls; what a ticket says of itself."""

from __future__ import annotations

import re
from email.message import EmailMessage
from smtplib import SMTP

import pytest

from proofs.asking import until, write_mail
from proofs.company import Company, submit
from support.mail import Received
from support.reader import Page, Reader
from support.seeded import Seed

HERE = "/console/conversations/"


def ticket_of(company: Company, number: str) -> str:
    """The reference of the conversation with this number."""
    return str(
        company.rows("SELECT ref FROM conversations_conversation WHERE number = ?", number)[0][0]
    )


def numbered(mails: list[Received]) -> str:
    """The number in brackets in the newest of these mails."""
    return re.findall(r"\[#(\d+)\]", str(mails[-1].message["Subject"]))[-1]


def written(company: Company, seed: Seed, text: str) -> str:
    """Somebody writes to the desk. The number of the ticket, as they are told it by mail."""
    domain = f"{company.site.company}.example"
    write_mail(company, seed.email, f"support@{domain}", "Toner", text)
    return numbered(company.mails(seed.email, "[#", seconds=90))


def changed(desk: Reader, ref: str, do: str, **more: str) -> Page:
    """A change by a button of the conversation's page."""
    page = desk.get(f"{HERE}{ref}")
    return submit(desk, page, "revision", to=f"{ref}/change", do=do, **more)


def answered(desk: Reader, ref: str, text: str) -> Page:
    """An answer from the conversation's page."""
    return submit(desk, desk.get(f"{HERE}{ref}"), "text", to=f"{ref}/write", text=text, do="send")


@pytest.mark.clause("comm100-08")
def test_a_mail_becomes_a_ticket_and_the_talk_goes_on_in_it(company: Company) -> None:
    ada, eve = Seed.new(), Seed.new()
    number = written(company, ada, ada.message)
    ref, desk = ticket_of(company, number), company.staff("Agent")
    changed(desk, ref, "take")
    assert ada.message in desk.get(f"{HERE}{ref}").words
    answered(desk, ref, "Have you shaken it?")
    [reply] = company.mails(ada.email, "Have you shaken it?", seconds=90)
    assert f"[#{number}]" in reply.message["Subject"]
    back = EmailMessage()
    back["From"], back["To"] = ada.email, str(reply.message["From"])
    back["Subject"] = "Re: my printer"  # without the number: the thread is in the headers
    back["In-Reply-To"] = back["References"] = str(reply.message["Message-ID"])
    back.set_content("It works now!")
    with SMTP("127.0.0.1", company.inbound_port) as server:
        server.send_message(back, ada.email, ["support@comm100.example"])
    until(lambda: "It works now!" in desk.get(f"{HERE}{ref}").words, "the answer in the ticket")
    # Quoting the number is not enough for a stranger.
    write_mail(
        company, eve.email, "support@comm100.example", f"[#{number}]", "Tell me her address."
    )
    until(
        lambda: company.rows(
            "SELECT h.id FROM conversations_held AS h JOIN conversations_conversation AS c"
            " ON c.id = h.conversation_id WHERE c.ref = ?",
            ref,
        ),
        "the stranger's mail, held",
    )
    assert "Tell me her address." not in desk.get(f"{HERE}{ref}").words
    assert not [one for one in company.post.received if eve.email in one.recipients]


@pytest.mark.clause("comm100-09")
def test_a_ticket_is_tracked_by_all_that_belongs_to_it(company: Company) -> None:
    ada, desk = Seed.new(), company.staff("Agent")
    refs = [ticket_of(company, written(company, Seed.new(), ada.message)) for _ in range(2)]
    number = str(
        company.rows("SELECT number FROM conversations_conversation WHERE ref = ?", refs[1])[0][0]
    )
    ref = refs[0]
    changed(desk, ref, "take")
    changed(desk, ref, "priority:4")
    changed(desk, ref, "tag", tag="refund-wanted")
    changed(desk, ref, "link", number=number, kind="cause")
    changed(desk, ref, "state:hold")
    page = desk.get(f"{HERE}{ref}")
    for words in ("urgent", "refund-wanted", f"#{number}", "on hold"):
        assert words in page.words
    history = page.words.partition("History")[2] or page.words
    for line in ("took it", "refund-wanted", "urgent"):
        assert line in history
    row = company.rows(
        "SELECT state, priority, assignee_id IS NOT NULL FROM conversations_conversation"
        " WHERE ref = ?",
        ref,
    )
    assert row == [("hold", 4, 1)]
    assert f"#{number}" in desk.get(f"{HERE}{refs[0]}").words
    other = desk.get(f"{HERE}{refs[1]}").words
    assert "refund-wanted" not in other.partition("About")[2]
    assert ref in desk.get(f"{HERE}?q=tag:refund-wanted").text
    assert refs[1] not in desk.get(f"{HERE}?q=tag:refund-wanted").text


@pytest.mark.clause("comantra-05")
def test_a_call_is_noted_after_the_notice_was_read_to_them(company: Company) -> None:
    seed, desk = Seed.new(), company.staff("Agent")
    source = company.reader().get("/policy.toml").text
    page = desk.get(f"{HERE}new/call")
    [notice] = re.findall(r'at = "tickets.call"\n.*?text = """\n?(.*?)"""', source, flags=re.DOTALL)
    said = " ".join(notice.replace("\\\n", "").split())
    assert said in page.words, "what is read out stands there"
    values = {
        "name": seed.name,
        "phone": seed.phone,
        "email": seed.email,
        "call-note": seed.message,
    }
    untold = submit(desk, page, "name", **values)
    assert untold.status == 422
    assert "told before anything is noted" in untold.words
    first = submit(desk, page, "name", told="on", **values)
    assert seed.message in first.words
    again = submit(desk, desk.get(f"{HERE}new/call"), "name", told="on", **values)
    assert again.url != first.url
    people = company.rows(
        "SELECT DISTINCT p.root_id, c.way FROM conversations_conversation AS c"
        " JOIN people_person AS p ON p.id = c.person_id WHERE c.ref IN (?, ?)",
        *(one.url.rpartition("/")[2] for one in (first, again)),
    )
    assert [way for _, way in people] == ["call"], "the second time they were found"
    new = submit(
        desk,
        desk.get(f"{HERE}new/call"),
        "name",
        told="on",
        **values | {"email": Seed.new().email, "phone": Seed.new().phone},
    )
    [(root,)] = company.rows(
        "SELECT p.root_id FROM conversations_conversation AS c"
        " JOIN people_person AS p ON p.id = c.person_id WHERE c.ref = ?",
        new.url.rpartition("/")[2],
    )
    assert root != people[0][0], "and another is new"
