"""What becomes of an answer: put off, tried again, refused, given up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from conversations.company import BOTH, Company
from conversations.mailing.conftest import Mails, letter
from support.installations import free_port
from troth.channels.conversations import actions
from troth.channels.conversations.attaching import api as attaching
from troth.channels.conversations.models import Conversation, Message, Outgoing, Participant
from troth.core import clock
from troth.kit.mail.transport import transport
from troth.kit.outbox.api import WAITS


@pytest.fixture
def answer(company: Company, mails: Mails) -> Message:
    """An answer that waits to leave, its ticket's acknowledgement out of the way."""
    mails.deliver(letter())
    mails.carry()
    ticket = Conversation.objects.get()
    actor = company.actor("ann")
    actions.take(ticket, actor=actor, revision=None)
    return actions.write(ticket, actor=actor, side="staff", text="Hello", client_id=uuid4())


def state(answer: Message) -> tuple[str, int]:
    answer.refresh_from_db(fields=["delivery", "delivery_status"])
    return answer.delivery, Outgoing.objects.get(message=answer).tries


def to_port(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setattr(settings, "EMAIL_PORT", port)
    transport.cache_clear()


@BOTH
def test_what_is_put_off_is_tried_again_and_leaves_once(
    company: Company, mails: Mails, answer: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_port(monkeypatch, free_port())
    assert mails.carry() == []
    assert state(answer) == ("queued", 1)
    to_port(monkeypatch, mails.out.port)
    assert mails.carry() == [], "it rests first"
    with clock.at(clock.now() + WAITS[0] + timedelta(seconds=1)):
        [sent] = mails.carry()
        assert state(answer) == ("sent", 2)
        assert mails.carry() == []
    identity = str(sent.message["Message-ID"])
    # A process that ended before it had noted the answer sends the same mail again.
    Outgoing.objects.filter(message=answer).update(left_at=None, due_at=clock.now())
    [again] = mails.carry()
    assert str(again.message["Message-ID"]) == identity


def test_what_is_refused_or_never_taken_has_failed(
    company: Company, mails: Mails, answer: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: Any) -> str:
        return "550 5.1.1 There is no mary@example.com here"

    mails.out.handle_RCPT = refuse  # type: ignore[attr-defined]
    assert mails.carry() == []
    assert state(answer) == ("failed", 1)
    assert answer.delivery_status == "550"
    Outgoing.objects.filter(message=answer).update(due_at=clock.now(), tries=len(WAITS))
    Message.objects.filter(pk=answer.pk).update(delivery="queued")
    to_port(monkeypatch, free_port())
    assert mails.carry() == []
    assert state(answer) == ("failed", len(WAITS) + 1)


def test_a_chat_is_not_answered_by_mail(company: Company, mails: Mails) -> None:
    chat, _ = company.chat()
    actor = company.actor("ann")
    actions.take(chat, actor=actor, revision=None)
    actions.write(chat, actor=actor, side="staff", text="Hello", client_id=uuid4())
    assert not Outgoing.objects.exists()


def test_whoever_takes_part_gets_a_copy_and_the_files(company: Company, mails: Mails) -> None:
    mails.deliver(letter())
    mails.carry()
    ticket, actor = Conversation.objects.get(), company.actor("ann")
    ticket = actions.take(ticket, actor=actor, revision=None)
    actions.add_participant(ticket, actor=actor, address="bob@example.net")
    file = attaching.of_staff("plan.txt", b"the plan", conversation=ticket, actor=actor)
    actions.write(
        ticket, actor=actor, side="staff", text="See", client_id=uuid4(), attachments=[file.pk]
    )
    sent = {one.recipients[0]: one.message for one in mails.carry()}
    assert sent.keys() == {"mary@example.com", "bob@example.net"}
    for address, message in sent.items():
        assert message["To"] == address, "nobody is told the other's address"
        [kept] = message.iter_attachments()
        assert (kept.get_filename(), kept.get_content()) == ("plan.txt", "the plan")
    mails.deliver(letter("Me too", sender="bob@example.net", subject=f"[#{ticket.number}]"))
    assert Conversation.objects.count() == 1


def refusing(mails: Mails, monkeypatch: pytest.MonkeyPatch, address: str, words: str) -> None:
    """The world refuses one address."""

    async def answer(_server: Any, _session: Any, envelope: Any, to: str, _options: Any) -> str:
        if to == address:
            return words
        envelope.rcpt_tos.append(to)
        return "250 2.1.5 OK"

    monkeypatch.setattr(mails.out, "handle_RCPT", answer, raising=False)


def test_a_copy_that_is_put_off_is_tried_again_and_nobody_gets_a_second(
    company: Company, mails: Mails, answer: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = Conversation.objects.get()
    actions.add_participant(ticket, actor=company.actor("ann"), address="bob@example.net")
    refusing(mails, monkeypatch, "bob@example.net", "451 4.7.1 Later")
    assert [one.recipients for one in mails.carry()] == [["mary@example.com"]]
    assert state(answer) == ("queued", 1)
    monkeypatch.undo()
    to_port(monkeypatch, mails.out.port)
    with clock.at(clock.now() + WAITS[0] + timedelta(seconds=1)):
        assert [one.recipients for one in mails.carry()] == [["bob@example.net"]]
    assert state(answer)[0] == "sent"


def test_an_answer_to_copies_alone_leaves_once(
    company: Company, mails: Mails, answer: Message
) -> None:
    ticket = Conversation.objects.get()
    actions.add_participant(ticket, actor=company.actor("ann"), address="bob@example.net")
    Participant.objects.filter(copied=False).delete()
    assert [one.recipients for one in mails.carry()] == [["bob@example.net"]]
    assert state(answer)[0] == "sent"
    with clock.at(clock.now() + timedelta(hours=1)):
        assert mails.carry() == []


def test_a_copy_that_is_refused_stops_nothing_and_an_answer_nobody_gets_has_failed(
    company: Company, mails: Mails, answer: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = Conversation.objects.get()
    actions.add_participant(ticket, actor=company.actor("ann"), address="bob@example.net")
    refusing(mails, monkeypatch, "bob@example.net", "550 5.1.1 Nobody")
    assert [one.recipients for one in mails.carry()] == [["mary@example.com"]]
    assert state(answer)[0] == "sent"
    Participant.objects.filter(copied=False).delete()
    again = actions.write(
        fresh(ticket), actor=company.actor("ann"), side="staff", text="?", client_id=uuid4()
    )
    assert mails.carry() == []
    assert state(again)[0] == "failed"


def fresh(ticket: Conversation) -> Conversation:
    return Conversation.objects.get(pk=ticket.pk)
