"""What the companies' policies say of chats, mails and calls."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from conversations.company import Company
from support.seeded import Seed, assert_nowhere
from troth.channels.conversations import actions, queries, reading
from troth.channels.conversations.models import Conversation, Desk, Message, Outgoing
from troth.channels.conversations.refusals import PreChatInvalid
from troth.core import clock
from troth.core.actors import Actor
from troth.core.gate.denials import UseDenied
from troth.core.gate.uses import use
from troth.core.people.models import Element, Person
from troth.core.people.records import Given
from troth.core.retention import api as retention

Beside = Callable[[str], AbstractContextManager[Company]]
VISITOR, SYSTEM = Actor.visitor(), Actor.system("tests")
EMAIL = "user.contact.email"


def who(seed: Seed) -> list[Given]:
    return [Given("name", "user.name", seed.name), Given("email", EMAIL, seed.email)]


def test_a_chat_begins_after_the_form_where_the_desk_wants_it(company: Company) -> None:
    anonymous, _ = company.chat()
    assert anonymous.person.state == Person.State.ANONYMOUS
    Desk.objects.update(pre_chat=Desk.PreChat.REQUIRED)
    with pytest.raises(PreChatInvalid):
        company.chat()
    seed = Seed.new()
    with pytest.raises(PreChatInvalid, match="form"):
        actions.open_chat(actor=VISITOR, given=who(seed)[:1])
    chat, _ = actions.open_chat(
        actor=VISITOR, given=who(seed), text=seed.message, client_id=uuid4()
    )
    chat.person.refresh_from_db()
    assert chat.person.state == Person.State.IDENTIFIED
    assert Conversation.objects.count() == 2


def test_a_chat_is_tied_to_somebody_after_the_form_alone(beside: Beside) -> None:
    seed = Seed.new()
    with beside("comantra") as comantra:
        chat, _ = comantra.chat("Hello")
        names = set(Element.objects.filter(person=chat.person).values_list("name", flat=True))
        assert (names, chat.person.state) == ({"message"}, Person.State.ANONYMOUS)
        actions.identify(chat, actor=VISITOR, given=who(seed))
        chat.person.refresh_from_db()
        assert chat.person.state == Person.State.IDENTIFIED


def test_a_message_left_at_night_is_a_ticket_that_is_used_for_the_reply(company: Company) -> None:
    seed, once = Seed.new(), uuid4()
    assert not queries.online()
    given = [*who(seed), Given("message", "user.content.private", seed.message)]
    ticket = actions.take_offline(actor=VISITOR, given=given, client_id=once)
    assert actions.take_offline(actor=VISITOR, given=given, client_id=once) == ticket
    assert (ticket.way, ticket.touchpoint) == ("mail", "chat.offline")
    ann = company.actor("ann")
    ticket = actions.take(ticket, actor=ann)
    assert reading.messages(ticket, actor=ann)[0].text == seed.message
    answer = actions.write(ticket, actor=ann, side="staff", text="Yes.", client_id=uuid4())
    assert Outgoing.objects.filter(message=answer).exists()
    with (
        pytest.raises(UseDenied),
        use(actor=SYSTEM, purpose="newsletter", person=ticket.person, data=[EMAIL]),
    ):
        pass


def test_the_database_shows_nothing_of_what_is_said(company: Company, tmp_path: Path) -> None:
    seed, answer = Seed.new(), Seed.new()
    chat, _ = actions.open_chat(
        actor=VISITOR, given=who(seed), text=seed.message, client_id=uuid4()
    )
    ann = company.actor("ann")
    chat = actions.take(chat, actor=ann)
    actions.write(chat, actor=ann, side="staff", text=answer.message, client_id=uuid4())
    actions.note(chat, actor=ann, text=answer.name)
    queries.search("budgerigar", actor=ann)
    company.mail(seed.email, name=seed.name, subject=seed.company, text=seed.message)
    values = [seed.message, seed.name, seed.email, seed.company, answer.message, answer.name]
    assert_nowhere(values, tmp_path)
    assert reading.messages(chat, actor=ann)[1].text == answer.message


def test_a_call_is_a_conversation_with_somebody_found_or_new(beside: Beside) -> None:
    seed = Seed.new()
    with beside("comantra") as comantra:
        ann = comantra.actor("ann")
        given = [
            *who(seed)[:1],
            Given("phone", "user.contact.phone_number", seed.phone),
            who(seed)[1],
        ]
        made = [
            actions.open_by_hand(
                actor=ann, way="call", given=given, text=seed.message, client_id=uuid4()
            )
            for _ in range(2)
        ]
        assert made[0].person == made[1].person
        assert (made[0].way, made[0].assignee) == ("call", comantra.member("ann"))
        assert reading.messages(made[0], actor=ann)[0].text == seed.message
        found = queries.search(seed.phone, actor=ann)
        assert {row.ref for row in found} == {one.ref for one in made}


@pytest.mark.parametrize("slug", ["comindware", "com1"])
def test_correspondence_is_kept_for_its_period(beside: Beside, slug: str) -> None:
    with beside(slug) as theirs:
        ticket, _ = theirs.mail()
        ann = theirs.actor("ann")
        ticket = actions.take(ticket, actor=ann)
        actions.write(ticket, actor=ann, side="staff", text="Is it on?", client_id=uuid4())
        with clock.at(clock.now() + timedelta(days=700)):
            retention.run_now(confirmed=True)
        assert len(reading.messages(ticket, actor=ann)) == 2
        with clock.at(clock.now() + timedelta(days=760)):
            retention.run_now(confirmed=True)
        assert not Message.objects.exists()
        assert not Element.objects.filter(touchpoint="tickets.mail").exists()


def test_a_ticket_is_tracked(company: Company) -> None:
    ticket, other = company.mail()[0], company.mail()[0]
    ann = company.actor("ann")
    ticket = actions.take(ticket, actor=ann)
    ticket = actions.set_priority(ticket, actor=ann, priority=4, revision=ticket.revision)
    ticket = actions.tag(ticket, actor=ann, name="bug", revision=ticket.revision)
    actions.link(ticket, actor=ann, other=other, kind="duplicate")
    actions.set_state(ticket, actor=ann, state="hold", revision=None)
    row = queries.search(f"#{ticket.number}", actor=ann)[0]
    assert (row.state, row.priority, row.tags, row.mine) == ("hold", 4, ("bug",), True)
    assert [line.did for line in queries.history(ticket)] == [
        *("taken", "set-priority", "tagged", "linked", "set-state"),
    ]
