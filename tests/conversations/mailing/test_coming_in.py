"""Mail becomes conversations: over SMTP, by the people it is from."""

from __future__ import annotations

import re
import secrets
import smtplib
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from conversations.company import BOTH, Company
from conversations.mailing.conftest import Mails, letter
from troth.channels.conversations import actions, deleting, reading
from troth.channels.conversations.attaching import api as attaching, handing_out
from troth.channels.conversations.attaching.scanning import EICAR
from troth.channels.conversations.mailing import desks, holding, incoming, quarantine
from troth.channels.conversations.models import (
    Attachment,
    Conversation,
    Held,
    Message,
    Outgoing,
    RawMail,
)
from troth.channels.conversations.refusals import NotYoursDenied
from troth.core.actors import AbilityDenied, Actor
from troth.core.errors import Missing
from troth.core.ledger.api import sequence
from troth.core.ledger.models import Entry
from troth.core.notices.publish import publish
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.hub.home import Home
from troth.kit.inbound import spool
from troth.kit.inbound.routes import Mail

ANYTHING: Any = re.match("", "")


def only() -> Conversation:
    return Conversation.objects.get()


def taken(company: Company, conversation: Conversation, name: str = "ann") -> list[reading.Read]:
    """What the agent who has it reads."""
    conversation = Conversation.objects.get(pk=conversation.pk)
    if conversation.assignee_id != company.member(name).pk:
        conversation = actions.take(conversation, actor=company.actor(name), revision=None)
    return reading.messages(conversation, actor=company.actor(name))


def test_a_mail_that_was_deleted_is_not_taken_from_the_spool_of_a_backup(
    company: Company, mails: Mails
) -> None:
    mail, other = letter("It went."), letter("It stays.")
    mails.deliver(mail)
    [gone] = Message.objects.filter(side=Message.Side.PERSON)
    known = gone.client_id
    only().delete()  # as before the mail: the backup that is put back has it in its spool alone
    deleting.again(frozenset({gone.pk, known}))
    mails.deliver(mail)
    assert not Conversation.objects.exists()
    mails.deliver(other)
    assert only().messages.exists()


@BOTH
def test_a_mail_becomes_a_ticket_and_is_acknowledged(company: Company, mails: Mails) -> None:
    mail = letter("It prints nothing.\n\n-- \nMary")
    mail.add_attachment(b"a,b\n1,2\n", maintype="text", subtype="csv", filename="pages.csv")
    mails.deliver(mail)
    ticket = only()
    assert (ticket.way, ticket.state, ticket.touchpoint) == ("mail", "open", "tickets.mail")
    [message] = taken(company, ticket)
    assert message.text == "It prints nothing.\n\n-- \nMary"
    assert message.subject == "Printer"
    assert [(one.name, one.size) for one in message.attachments] == [("pages.csv", 8)]
    [received] = mails.carry()
    assert received.recipients == ["mary@example.com"]
    assert received.sender == "<>", "nobody answers a machine's answer"
    assert received.message["Auto-Submitted"] == "auto-replied"
    assert f"[#{ticket.number}]" in received.message["Subject"]
    assert "Printer" not in str(received.message), "it repeats nothing of what came"
    assert mails.carry() == []


@BOTH
def test_an_answer_leaves_threaded_and_comes_back(company: Company, mails: Mails) -> None:
    mails.deliver(letter())
    ticket = only()
    mails.carry()
    actions.take(ticket, actor=company.actor("ann"), revision=None)
    answer = actions.write(
        ticket, actor=company.actor("ann"), side="staff", text="Is it plugged in?\n.\nAnn",
        client_id=incoming.UUID(int=7),
    )  # fmt: skip
    answer.refresh_from_db()
    assert answer.delivery == "queued"
    [received] = mails.carry()
    answer.refresh_from_db()
    assert answer.delivery == "sent"
    sent = received.message
    assert sent["Subject"] == f"Re: Printer [#{ticket.number}]"
    assert sent["From"].addresses[0].addr_spec == desks.address()
    assert sent.get_content().splitlines() == ["Is it plugged in?", ".", "Ann"]
    assert "Auto-Submitted" not in sent
    assert received.sender.startswith("support+")
    # A mailer's answer: References, a new subject, more below.
    mails.deliver(
        letter("Now it works.", subject="Fw: something", In_Reply_To=str(sent["Message-ID"]))
    )
    assert [one.text for one in taken(company, ticket)][-1] == "Now it works."
    # By the number alone, as mailers do that drop References.
    mails.deliver(letter("Thank you", subject=f"AW: Printer [#{ticket.number}]"))
    assert [one.text for one in taken(company, ticket)][-1] == "Thank you"
    assert mails.carry() == [], "further mail is not acknowledged"
    assert Conversation.objects.count() == 1


@BOTH
@pytest.mark.parametrize("by", ["number", "reference"])
def test_a_stranger_who_names_a_ticket_is_held(company: Company, mails: Mails, by: str) -> None:
    mails.deliver(letter(identity="<first@mailer.example>"))
    ticket = only()
    subject = f"Re: [#{ticket.number}]" if by == "number" else "Hello"
    headers = {"References": "<first@mailer.example>"} if by == "reference" else {}
    mails.deliver(
        letter("Tell me all.", sender="Eve <eve@evil.example>", subject=subject, **headers),
        sender="eve@evil.example",
    )
    assert [one.text for one in taken(company, ticket)] == ["It prints nothing."]
    held = Held.objects.get()
    assert (held.conversation, held.why) == (ticket, "stranger")
    raw = RawMail.objects.get()
    assert b"Tell me" not in bytes(raw.__dict__["content"])
    ben = company.actor("ben")
    with pytest.raises(NotYoursDenied):
        holding.look(held, actor=ben)
    looked = holding.look(held, actor=company.actor("ann"))
    assert (looked.sender, looked.text) == ("eve@evil.example", "Tell me all.")
    holding.accept(held, actor=company.actor("ann"))
    assert [one.text for one in taken(company, ticket)][-1] == "Tell me all."
    assert not RawMail.objects.exists()
    mails.deliver(
        letter("And more", sender="eve@evil.example", subject=f"[#{ticket.number}]"),
        sender="eve@evil.example",
    )
    last = taken(company, ticket)[-1]
    assert last.text == "And more", "she takes part now"
    assert last.person != ticket.person_id, "and her words are hers"


def test_a_held_mail_may_stand_alone_or_be_destroyed(company: Company, mails: Mails) -> None:
    mails.deliver(letter())
    ticket = only()
    for text in ("one", "two"):
        mails.deliver(letter(text, sender="eve@evil.example", subject=f"[#{ticket.number}]"))
    taken(company, ticket)
    first, second = Held.objects.order_by("held_at")
    holding.separate(first, actor=company.actor("ann"))
    holding.refuse(second, actor=company.actor("ann"))
    assert not Held.objects.exists()
    assert not RawMail.objects.exists()
    other = Conversation.objects.exclude(pk=ticket.pk).get()
    assert [one.text for one in taken(company, other)] == ["one"]


@BOTH
def test_the_same_mail_twice_is_one_message(company: Company, mails: Mails) -> None:
    mail = letter()
    mails.deliver(mail)
    again = b"Received: from elsewhere\r\n" + mail.as_bytes()
    mails.deliver(again)
    assert Message.objects.filter(side="person").count() == 1
    assert Outgoing.objects.count() == 1
    path = spool.keep("mary@example.com", desks.address(), mail.as_bytes())
    assert spool.deal(path, {})
    assert Message.objects.filter(side="person").count() == 1


def test_automatic_mail_is_marked_and_never_answered(company: Company, mails: Mails) -> None:
    mails.deliver(letter("I am away.", Auto_Submitted="auto-replied"))
    assert Message.objects.get().automatic
    assert mails.carry() == []
    mails.deliver(letter("News", sender="a@list.example", List_Id="<a.list.example>"))
    mails.deliver(letter("Do not answer", sender="no-reply@shop.example"))
    mails.deliver(letter("An invoice", sender="b@shop.example", Precedence="bulk"))
    assert mails.carry() == []
    assert Conversation.objects.count() == 4


def test_two_machines_that_mark_nothing_stop_after_a_few_turns(
    company: Company, mails: Mails
) -> None:
    """Theirs answers every mail with a new one, and neither header nor subject tell."""
    mails.deliver(letter("turn 0"))
    turns = 0
    while (got := mails.carry()) and turns < 50:
        turns += 1
        assert len(got) == 1
        mails.deliver(letter(f"We got your mail. {turns}", subject=f"Thank you {turns}"))
    assert turns == 4
    assert Conversation.objects.count() == 5


def test_a_solved_ticket_is_reopened_by_mail_a_few_times(company: Company, mails: Mails) -> None:
    mails.deliver(letter())
    ticket = only()
    for turn in range(incoming.REOPENINGS + 1):
        actions.set_state(ticket, actor=company.actor("ann"), state="solved", revision=None)
        mails.deliver(letter("I am away", subject=f"[#{ticket.number}] {turn}", X_Autoreply="1"))
        ticket.refresh_from_db()
        assert ticket.state == "solved", "a machine reopens nothing"
        mails.deliver(letter(f"again {turn}", subject=f"[#{ticket.number}]"))
        ticket.refresh_from_db()
        assert ticket.state == ("open" if turn < incoming.REOPENINGS else "solved")
    assert Conversation.objects.count() == 2
    assert ticket.links.exists() or ticket.linked.exists()


def test_a_closed_ticket_gets_a_successor(company: Company, mails: Mails) -> None:
    mails.deliver(letter())
    ticket = only()
    actions.close(ticket, actor=company.actor("ann"))
    mails.deliver(letter("Once more", subject=f"[#{ticket.number}]"))
    assert Conversation.objects.count() == 2


def test_a_flood_into_one_ticket_is_held(company: Company, mails: Mails) -> None:
    mails.deliver(letter())
    ticket = only()
    for turn in range(incoming.TURNS + 2):
        mails.deliver(letter(f"turn {turn}", subject=f"[#{ticket.number}]"))
    assert Held.objects.filter(why="looping").count() == 2


@BOTH
def test_poison_goes_to_quarantine_and_blocks_nothing(
    company: Company, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "WAIT", 0)
    whole = incoming.deal

    def deal(mail: incoming.Incoming, *, token: str = "") -> None:
        if "poison" in mail.letter.subject:
            raise RuntimeError(mail.letter.text)
        whole(mail, token=token)

    monkeypatch.setattr(incoming, "deal", deal)
    mails.deliver(letter("bad", subject="poison"), deal=False)
    mails.deliver(letter("good"), deal=False)
    due: dict[str, float] = {}
    for _ in range(spool.TRIES):
        for path in spool.waiting():
            spool.deal(path, due)
    assert list(spool.waiting()) == []
    assert spool.aside() == []
    assert Conversation.objects.count() == 1
    [stuck] = quarantine.listed()
    assert (stuck.fault, stuck.tries) == ("RuntimeError", spool.TRIES)
    owner = company.actor("owner")
    assert b"poison" in quarantine.download(stuck, actor=owner)
    with pytest.raises(RuntimeError):
        quarantine.again(stuck, actor=owner)
    assert quarantine.listed() == [stuck], "it stays while it fails"
    monkeypatch.setattr(incoming, "deal", whole)
    quarantine.again(stuck, actor=owner)
    assert quarantine.listed() == []
    assert Conversation.objects.count() == 2


def test_a_mail_that_takes_its_process_down_is_not_tried_for_ever(
    company: Company, mails: Mails
) -> None:
    mails.deliver(letter(), deal=False)
    [path] = spool.waiting()
    identity = path.name.partition(".")[0]
    path.rename(path.with_name(f"{identity}.{spool.TRIES}{spool.SUFFIX}"))
    mails.deal()
    [stuck] = quarantine.listed()
    assert stuck.fault == "ProcessEnded"


def test_what_cannot_be_kept_is_not_taken(
    company: Company, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = spool.keep

    def full(*_: object, **__: object) -> Path:
        raise OSError(28, "No space left for mary@example.com")

    monkeypatch.setattr(spool, "keep", full)
    with pytest.raises(smtplib.SMTPDataError) as told:
        mails.deliver(letter())
    assert told.value.smtp_code == 451, "the sender keeps it and tries again"
    assert b"mary" not in told.value.smtp_error
    monkeypatch.setattr(spool, "keep", keep)
    mails.deliver(letter())
    assert Conversation.objects.count() == 1


def test_a_mail_of_25_mb_becomes_a_ticket_with_its_file(company: Company, mails: Mails) -> None:
    mail = letter("See below")
    content = secrets.token_bytes(18_000_000)
    mail.add_attachment(content, maintype="application", subtype="x", filename="scan.bin")
    mails.deliver(mail)
    [file] = taken(company, only())[0].attachments
    assert (file.name, file.size) == ("scan.bin", len(content))
    kept = Attachment.objects.get()
    assert handing_out.content(kept, actor=company.actor("ann"))[1] == content


def test_a_line_longer_than_it_may_be_is_taken(company: Company, mails: Mails) -> None:
    mails.deliver(b"From: mary@example.com\r\nSubject: Long\r\n\r\n" + b"word " * 9_000 + b"\r\n")
    assert len(taken(company, only())[0].text) > 40_000


def test_mail_that_cannot_be_read_is_a_ticket_and_kept_as_it_came(
    company: Company, mails: Mails
) -> None:
    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(3_000)
    )
    mails.deliver(b"From: mary@example.com\r\nSubject: Deep\r\n" + deep)
    raw = RawMail.objects.get()
    [message] = taken(company, only())
    assert (raw.state, raw.message_id) == ("unreadable", message.id)
    assert message.subject == "Deep"
    assert "boundary=b7" in message.text, "the beginning of it is shown"
    assert deep[:60] in quarantine.download(raw, actor=company.actor("ann"))
    with pytest.raises(NotYoursDenied):
        quarantine.download(raw, actor=company.actor("owner"))


def test_a_mail_with_malware_in_it_is_not_handed_out(company: Company, mails: Mails) -> None:
    """Beside a message or in quarantine; in the open, or as a mail spells a file."""
    packed = letter("See the file")
    packed.add_attachment(EICAR, maintype="application", subtype="x", filename="a.bin")
    owner, ann = company.actor("owner"), company.actor("ann")
    for content in (packed.as_bytes(), b"\x00 no mail\r\n" + EICAR):
        assert (EICAR in content) == (content != packed.as_bytes())
        incoming.give_up(Mail("", desks.address(), content, ANYTHING), 3, "Fault")
    for stuck in quarantine.listed():
        with pytest.raises(attaching.FileDenied) as refused:
            quarantine.download(stuck, actor=owner)
        assert "malware" in refused.value.why
    ticket, message = company.mail()
    ticket = actions.take(ticket, actor=ann, revision=None)
    RawMail.objects.filter(pk=stuck.pk).update(state="unreadable", message=message)
    answer = company.browser("ann").get(f"/console/conversations/quarantine/{stuck.ref}/mail.eml")
    assert answer.status_code == 409
    assert EICAR not in answer.content
    assert "malware" in answer.content.decode()
    sequence()
    told = Entry.objects.filter(act="conversations.mail_handled")
    assert sum("withheld" in str(one.body) for one in told) == 3
    assert not any("downloaded" in str(one.body) for one in told)


def test_what_nobody_looks_at_for_ninety_days_goes(company: Company, mails: Mails) -> None:
    new = spool.keep("a@b.example", "gone@nowhere.example", b"x")
    old = new.with_name(f"01800000-0000-7000-8000-000000000000{spool.SUFFIX}")
    for path in (new.rename(spool.folder("aside") / new.name), spool.folder("aside") / old.name):
        path.touch()
    assert spool.forget_old() == 1
    assert [path.name for path in spool.aside()] == [new.name]


def test_mail_without_a_sender_and_our_own_are_kept_apart(company: Company, mails: Mails) -> None:
    nobody = EmailMessage()
    nobody["Subject"] = "Who am I"
    nobody.set_content("?")
    mails.deliver(nobody)
    mails.deliver(letter("echo", sender=desks.address()))
    assert {one.fault for one in quarantine.listed()} == {"NoSender", "OwnMail"}
    assert Conversation.objects.count() == 0
    assert mails.carry() == []


def test_a_bounce_stands_beside_what_did_not_arrive(company: Company, mails: Mails) -> None:
    mails.deliver(letter())
    ticket = only()
    actions.take(ticket, actor=company.actor("ann"), revision=None)
    answer = actions.write(
        ticket,
        actor=company.actor("ann"),
        side="staff",
        text="Hello",
        client_id=incoming.UUID(int=1),
    )
    [_, sent] = sorted(mails.carry(), key=lambda one: one.sender)
    report = (
        b"From: MAILER-DAEMON@example.com\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nNo such user here.\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n\r\n"
        b"Final-Recipient: rfc822; mary@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"\r\n--b--\r\n"
    )
    mails.deliver(report, sender="", to=sent.sender)
    answer.refresh_from_db()
    assert (answer.delivery, answer.delivery_status) == ("bounced", "5.1.1")
    last = taken(company, ticket)[-1]
    assert (last.side, last.said, last.text) == ("system", "bounced", "")
    assert only().state == "open", "somebody has to look again"
    mails.deliver(report, sender="", to=sent.sender)
    assert Conversation.objects.count() == 1
    mails.deliver(report, sender="", to=desks.address())
    assert Conversation.objects.count() == 2, "a report about nothing of ours is a mail like others"


def test_a_report_of_anybodys_is_held_and_changes_nothing(company: Company, mails: Mails) -> None:
    """Somebody was forwarded an answer: they know its Message-ID, and no return path."""
    mails.deliver(letter())
    ticket, actor = only(), company.actor("ann")
    ticket = actions.take(ticket, actor=actor, revision=None)
    answer = actions.write(
        ticket, actor=actor, side="staff", text="Hello", client_id=incoming.UUID(int=1)
    )
    identity = next(str(one.message["Message-ID"]) for one in mails.carry() if one.sender != "<>")
    forged = (
        "From: MAILER-DAEMON@evil.example\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nWrite to evil@evil.example instead.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        "Final-Recipient: rfc822; mary@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {identity}\r\n\r\nx\r\n--b--\r\n"
    ).encode()
    local, _, domain = identity.strip("<>").partition("@")
    guess = f"support+{local}-{'0' * 20}@{domain}"
    for to in (desks.address(), guess):
        mails.deliver(forged.replace(b"evil@", to[:12].encode() + b"@"), sender="", to=to)
    answer.refresh_from_db()
    assert answer.delivery == "sent"
    assert {held.why for held in Held.objects.all()} == {"report"}
    assert Conversation.objects.count() == 1


def test_an_address_two_organisations_claim_is_nobodys(
    company: Company, mails: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (Path(__file__).resolve().parents[3] / "policies" / "comm100.toml").read_text("utf-8")
    other = Organisation.objects.create(slug="other", name="Other", host="other.localhost")
    with scope(other):
        publish(text, actor=Actor.system("cli"))
    desks.forget()
    with pytest.raises(smtplib.SMTPRecipientsRefused) as told:
        mails.deliver(letter())
    [(code, _)] = told.value.recipients.values()
    assert code == 450, "it is kept elsewhere until that is settled"
    assert desks.contested()
    home = company.browser("owner").get("/console/").content.decode()
    assert "Another organisation claims" in home
    bound = Home(settings.HOME.folder, {"mail_domains": {"comm100": desks.domain()}})
    monkeypatch.setattr(settings, "HOME", bound)
    desks.forget()
    mails.deliver(letter())
    assert only().organisation_id == company.organisation.pk
    assert not desks.contested()


def test_a_mail_of_several_is_nobodys(company: Company, mails: Mails) -> None:
    mails.deliver(letter())
    ticket = only()
    both = "mary@example.com, eve@evil.example"
    mails.deliver(letter("ours", sender=both, subject=f"[#{ticket.number}]"))
    assert [one.fault for one in quarantine.listed()] == ["ManySenders"]
    assert [one.text for one in taken(company, ticket)] == ["It prints nothing."]


def test_what_comes_out_of_quarantine_joins_nothing_by_itself(
    company: Company, mails: Mails
) -> None:
    """Whether it was forged was found out when it came, and is not known any more."""
    mails.deliver(letter())
    ticket = only()
    late = letter("late", subject=f"[#{ticket.number}]").as_bytes()
    incoming.give_up(Mail("", desks.address(), late, ANYTHING), 3, "Fault")
    [stuck] = quarantine.listed()
    with pytest.raises(AbilityDenied):
        quarantine.download(stuck, actor=company.actor("ann"))
    quarantine.again(stuck, actor=company.actor("owner"))
    assert [held.why for held in Held.objects.all()] == ["unchecked"]
    with pytest.raises(Missing):
        quarantine.download(Held.objects.get().raw, actor=company.actor("owner"))
