"""Settings of the desk, held and stuck mail, calls entered by hand."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from uuid import uuid4

import pytest

from console.cast import words
from conversations.company import STAFF, Company, furnish
from conversations.inbox.operators import Operator, fresh, operator
from troth.channels.conversations import actions, queries
from troth.channels.conversations.mailing import incoming, raw
from troth.channels.conversations.models import (
    CannedReply,
    Conversation,
    Held,
    Queue,
    RawMail,
    Tag,
)
from troth.core.notices.publish import publish
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope

POLICIES = Path(__file__).resolve().parents[3] / "policies"
DESK = {"pre_chat": "offered", "greeting": "Hello!", "mailbox": "help", "attachments_mb": "5",
        "ask_rating": "on", "day_0": "9:00-12:00, 13:00-17:30"}  # fmt: skip


def test_the_desk(company: Company, owner: Operator, ann: Operator) -> None:
    assert "Settings of the desk" in owner.reads("settings")
    assert owner.post("settings", **DESK).status_code == 302
    desk = queries.desk()
    assert desk.hours == {"0": [["09:00", "12:00"], ["13:00", "17:30"]]}
    assert (desk.mailbox, desk.greeting, desk.read_marks) == ("help", "Hello!", False)
    assert "09:00-12:00, 13:00-17:30" in owner.get("settings").content.decode()
    for wrong in ("9 to 5", "10:00-09:00", "09:00-12:00, 11:00-13:00", "25:00-26:00"):
        answer = owner.post("settings", **DESK | {"day_0": wrong})
        assert answer.status_code == 422, wrong
    assert owner.post("settings", **DESK | {"mailbox": "No Such"}).status_code == 422
    for path in ("settings", "settings/queues", "settings/canned", "settings/tags", "quarantine"):
        assert ann.get(path).status_code == 403, path


def test_queues(company: Company, owner: Operator, ann: Operator) -> None:
    given = {"name": "Billing", "takes": ["call"], "round_robin": "on", "most": "3",
             "first_answer_minutes": "90", "solve_minutes": "480", "members": [ann.ref],
             "do": "save"}  # fmt: skip
    owner.post("settings/queues/new", **given)
    made = Queue.objects.get(name="Billing")
    assert (made.takes, made.round_robin, made.most) == (["call"], True, 3)
    text = owner.reads("settings/queues")
    assert "first answer in 90 minutes, solved in 8 hours" in text
    assert f"Agent {ann.ref[:6]}" in text
    taken = owner.post("settings/queues/new", **given | {"name": "Support"})
    assert "There is a queue of this name" in words(taken)
    owner.post(f"settings/queues/{made.ref}", **given | {"name": "Money", "members": []})
    made.refresh_from_db()
    assert (made.name, made.members.count()) == ("Money", 0)
    company.mail()
    full = owner.post(f"settings/queues/{company.queue.ref}", do="remove")
    assert "Conversations stand in this queue" in words(full)
    owner.post(f"settings/queues/{made.ref}", do="remove")
    assert not Queue.objects.filter(pk=made.pk).exists()
    assert owner.get("settings/queues/none").status_code == 404


def test_replies_and_tags(company: Company, owner: Operator) -> None:
    assert "No reply yet" in owner.reads("settings/canned")
    assert owner.post("settings/canned/new", short="two words", text="x").status_code == 422
    owner.post("settings/canned/new", short="bye", text="All the best!", do="save")
    reply = CannedReply.objects.get()
    assert "/bye" in owner.reads("settings/canned")
    owner.post(f"settings/canned/{reply.pk}", short="ciao", text="All the best!", do="save")
    assert "ciao" in owner.get(f"settings/canned/{reply.pk}").content.decode()
    owner.post(f"settings/canned/{reply.pk}", do="remove")
    assert not CannedReply.objects.exists()
    found, _ = company.mail()
    for name in ("printer", "paper"):
        actions.tag(fresh(found), actor=STAFF, name=name, revision=None)
    assert "1 conversation" in owner.reads("settings/tags")
    taken = owner.post("settings/tags", tag="paper", name="printer", do="rename")
    assert "There is a tag of this name" in words(taken)
    owner.post("settings/tags", tag="paper", name="sheets", do="rename")
    owner.post("settings/tags", tag="printer", do="remove")
    assert [tag.name for tag in Tag.objects.all()] == ["sheets"]


def _letter(text: str, *, sender: str, subject: str) -> bytes:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "support@comm100.example", subject
    made["Message-ID"] = f"<{uuid4()}@mailer.example>"
    made.set_content(text)
    return made.as_bytes()


@pytest.mark.parametrize("do", ["accept", "separate", "refuse"])
def test_a_held_mail_is_decided_about(
    company: Company, ann: Operator, ben: Operator, do: str
) -> None:
    found, _ = company.mail()
    subject = f"Re: Printer [#{found.number}]"
    mail = _letter("Tell me all about it.", sender="eve@evil.example", subject=subject)
    incoming.deal(incoming.again(mail))
    held = Held.objects.get()
    assert "a mail is held" in ann.reads(view="free")
    text = ann.reads(found.ref)
    assert "A mail is held back" in text
    assert "Tell me" not in text
    path = f"{found.ref}/held/{held.pk}"
    assert "Tell me" not in ben.reads(path), "it opens as the conversation does"
    ann.change(found, "take")
    looked = ann.reads(path)
    assert "eve@evil.example" in looked
    assert "Tell me all about it." in looked
    assert ann.post(path, do="nonsense").status_code == 400
    ann.post(path, do=do)
    assert not Held.objects.exists()
    assert ("Tell me all about it." in ann.reads(found.ref)) == (do == "accept")
    assert Conversation.objects.count() == (2 if do == "separate" else 1)
    assert ann.get(path).status_code == 404


def test_quarantine(company: Company, owner: Operator) -> None:
    assert "Nothing is stuck" in owner.reads("quarantine")
    content = _letter("Poison", sender="mary@example.com", subject="Poison")
    raw.keep(
        content, digest=b"x" * 32, state=RawMail.State.QUARANTINE, way="smtp", fault="ValueError"
    )
    stuck = RawMail.objects.get()
    assert "1 mail in quarantine" in words(owner.browser.get("/console/"))
    assert "in quarantine" not in words(company.browser("ann").get("/console/"))
    text = owner.reads("quarantine")
    assert "ValueError" in text
    assert "Poison" not in text
    kept = owner.get(f"quarantine/{stuck.ref}/mail.eml")
    assert kept.content == content
    assert kept["Content-Disposition"].startswith("attachment")
    owner.post(f"quarantine/{stuck.ref}", do="drop")
    assert not RawMail.objects.exists()


def test_a_call_is_entered_after_the_notice_was_read(company: Company) -> None:
    made = Organisation.objects.create(slug="comantra", name="Comantra", host="comantra.localhost")
    with scope(made):
        publish((POLICIES / "comantra.toml").read_text("utf-8"), actor=STAFF)
        furnish()
        there = Company(made, company.urls)
        ann = operator(there, "ann")
        page = ann.reads("new/call")
        assert "Read this to them first" in page
        assert "The call itself is not recorded" in page
        assert "Your name" not in page, "the form speaks to the staff"
        given = {"name": "Zora Quince", "phone": "+1 604 555 0199", "email": "zora@example.com",
                 "call-note": "The cable is broken.", "client_id": str(uuid4())}  # fmt: skip
        untold = ann.post("new/call", **given)
        assert untold.status_code == 422
        assert "People are told before anything is noted" in words(untold)
        assert not Conversation.objects.exists()
        for _ in range(2):
            assert ann.post("new/call", **given, told="on").status_code == 302
        call = Conversation.objects.get()
        assert (call.way, call.assignee_id) == ("call", there.member("ann").pk)
        text = ann.reads(call.ref)
        assert "The cable is broken." in text
        assert "zora@example.com" in text
        assert f"#{call.number}" in words(ann.post("new/call", do="find", find="zora@example.com"))
        assert "Nobody has written from there" in words(
            ann.post("new/call", do="find", find="x@example.com")
        )


def test_a_letter_is_entered(company: Company, ann: Operator) -> None:
    given = {"name": "Zora Quince", "email": "zora@example.com", "client_id": str(uuid4())}
    empty = ann.post("new/letter", **given)
    assert empty.status_code == 422
    sent = ann.post("new/letter", **given, message="Please send the manual by post.")
    assert sent.status_code == 302
    letter = Conversation.objects.get()
    assert (letter.way, letter.assignee_id) == ("letter", company.member("ann").pk)
    text = ann.reads(letter.ref)
    assert "Please send the manual by post." in text
    assert "zora@example.com" in text
    assert f"#{letter.number}" in words(ann.post("new/letter", do="find", find="zora@example.com"))


def test_what_the_policy_does_not_collect_is_not_entered(company: Company, ann: Operator) -> None:
    assert ann.get("new/call").status_code == 404
    assert ann.get("new/pigeon").status_code == 404
    assert "What is kept of it" in ann.reads("new/letter")
