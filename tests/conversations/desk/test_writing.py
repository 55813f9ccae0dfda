"""Messages: in order, once, masked, and only where they may be written."""

from __future__ import annotations

from uuid import uuid4

import pytest

from conversations.company import BOTH, Company
from troth.channels.conversations import actions
from troth.channels.conversations.actions import Draft
from troth.channels.conversations.models import Conversation, Message
from troth.channels.conversations.refusals import (
    ConversationClosedDenied,
    NotYoursDenied,
    StaleDenied,
)
from troth.core.actors import Actor
from troth.core.people.models import Element, Person

VISITOR = Actor.visitor()


@BOTH
def test_a_chat_begins_with_its_first_message_and_stays_anonymous(company: Company) -> None:
    chat, secret = company.chat("My printer smells of toast.")
    assert len(secret) >= 32
    assert (chat.number, chat.state, chat.last_seq) == (1001, "open", 1)
    assert chat.person.state == Person.State.ANONYMOUS
    element = Element.objects.get(person=chat.person)
    assert (element.touchpoint, element.record) == (
        "chat.message",
        Message.objects.get(conversation=chat).pk,
    )
    assert company.chat()[0].number == 1002


@BOTH
def test_messages_to_many_chats_are_stored_in_order_and_once(company: Company) -> None:
    chats = [company.chat(f"Hello from {n}")[0] for n in range(3)]
    drafts = [
        Draft(chat.pk, VISITOR, "person", f"{n}", uuid4()) for n in range(4) for chat in chats
    ]
    first = actions.write_many(drafts)
    again = actions.write_many([*drafts, drafts[0]])
    assert [message.pk for message in again[:-1]] == [message.pk for message in first]
    assert all(message.repeated for message in again)
    for chat in chats:
        rows = Message.objects.filter(conversation=chat)
        assert [row.seq for row in rows.order_by("seq")] == [1, 2, 3, 4, 5]
        assert Conversation.objects.get(pk=chat.pk).last_seq == 5
    assert Element.objects.filter(touchpoint="chat.message").count() == 15


def test_opening_again_with_the_same_secret_is_the_same_chat(company: Company) -> None:
    once, secret = uuid4(), "a secret that the browser made itself"
    made = [
        actions.open_chat(actor=VISITOR, text="Hello", client_id=once, secret=secret)
        for _ in range(2)
    ]
    assert made[0] == made[1]
    assert Message.objects.count() == 1


def test_a_card_number_is_masked_before_it_is_stored(company: Company) -> None:
    chat, _ = company.chat()
    message = actions.write(
        chat, actor=VISITOR, side="person", text="It is 4111 1111 1111 1111.", client_id=uuid4()
    )
    assert message.masked == ["card"]
    assert "4111 1111" not in str(message.text)


def test_staff_answer_what_they_have_and_nothing_else(company: Company) -> None:
    chat, _ = company.chat()
    ann = company.actor("ann")
    with pytest.raises(NotYoursDenied):
        actions.write(chat, actor=ann, side="staff", text="Hello", client_id=uuid4())
    actions.take(chat, actor=ann)
    answer = actions.write(chat, actor=ann, side="staff", text="Hello", client_id=uuid4())
    assert (answer.seq, answer.author) == (2, company.member("ann"))
    chat.refresh_from_db()
    assert (chat.state, chat.first_answer_at) == ("waiting", answer.sent_at)


def test_a_refused_draft_stops_no_other(company: Company) -> None:
    open_one, over = company.chat()[0], company.chat()[0]
    actions.close(over, actor=VISITOR)
    drafts = [Draft(chat.pk, VISITOR, "person", "More", uuid4()) for chat in (over, open_one)]
    found = actions.write_many(drafts, strict=False)
    assert isinstance(found[0].refused, ConversationClosedDenied)
    assert (found[1].refused, found[1].seq) == (None, 2)
    with pytest.raises(ConversationClosedDenied):
        actions.write_many(drafts)


def test_an_answer_written_without_knowing_a_colleagues_is_refused(company: Company) -> None:
    ticket, _ = company.mail()
    ann, ben = company.actor("ann"), company.actor("ben")
    actions.take(ticket, actor=ann)
    actions.write(ticket, actor=ann, side="staff", text="Try again.", client_id=uuid4(), seen=1)
    ticket = actions.transfer(ticket, actor=ann, revision=None, to=company.member("ben"))
    with pytest.raises(StaleDenied) as stale:
        actions.write(ticket, actor=ben, side="staff", text="No.", client_id=uuid4(), seen=1)
    assert stale.value.since[0].did == "answered"
    assert (
        actions.write(ticket, actor=ben, side="staff", text="No.", client_id=uuid4(), seen=2).seq
        == 3
    )


def test_a_mail_opens_a_ticket_once(company: Company) -> None:
    ticket, message = company.mail()
    assert (ticket.way, ticket.touchpoint, message.seq) == ("mail", "tickets.mail", 1)
    assert ticket.person.state == Person.State.IDENTIFIED
    assert {one.name for one in Element.objects.filter(record=message.pk)} == {"message", "subject"}
    assert company.mail()[0].person == ticket.person
