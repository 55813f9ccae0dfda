"""Whoever has a conversation reads it: so having it needs a turn, a hand or a ground."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from conversations.company import Company
from conversations.desk.test_reading import told
from troth.channels.conversations import actions, queries, reading
from troth.channels.conversations.actions.writing import Draft
from troth.channels.conversations.models import Conversation, Message, Participant
from troth.channels.conversations.refusals import NotYoursDenied, ReadingDenied
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid
from troth.core.people.records import Given
from troth.core.staff import grants
from troth.core.staff.models import Membership

VISITOR = Actor.visitor()
MARY = "mary@example.com"
TYPED = [Given("name", "user.name", "Mary"), Given("email", "user.contact.email", MARY)]


def test_what_a_colleague_has_is_not_taken(company: Company) -> None:
    ticket, _ = company.mail()
    ann, ben, owner = (company.actor(name) for name in ("ann", "ben", "owner"))
    actions.take(ticket, actor=ann)
    for actor in (ben, owner):
        with pytest.raises(NotYoursDenied):
            actions.take(ticket, actor=actor)
    with pytest.raises(NotYoursDenied):
        actions.assign(ticket, actor=ben, to=company.member("ben"), revision=None)
    with pytest.raises(NotYoursDenied):
        actions.release(ticket, actor=ben, revision=None)
    bulk = actions.bulk([ticket.ref], actor=ben, verb="assign", to=company.member("ben"))
    assert (bulk.done, set(bulk.refused)) == (0, {ticket.ref})
    with pytest.raises(ReadingDenied):
        reading.messages(ticket, actor=ben)


def test_it_moves_by_hand_and_under_a_grant(company: Company) -> None:
    ticket, _ = company.mail()
    ann, ben, owner = (company.actor(name) for name in ("ann", "ben", "owner"))
    actions.take(ticket, actor=ann)
    actions.assign(ticket, actor=owner, to=company.member("ben"), revision=None)
    assert reading.messages(ticket_of(ticket), actor=ben)
    grants.give(
        actor=owner, member=company.member("ann"), record=ticket.pk,
        subject=ticket.person.ref, ground="problem", hours=2,
    )  # fmt: skip
    assert actions.take(ticket, actor=ann).assignee == company.member("ann")


def test_what_is_over_is_not_taken_to_be_read(company: Company) -> None:
    ticket, _ = company.mail()
    ann, ben = company.actor("ann"), company.actor("ben")
    actions.take(ticket, actor=ann)
    actions.set_state(ticket, actor=ann, state="closed", revision=None)
    actions.release(ticket, actor=ann, revision=None)
    with pytest.raises(NotYoursDenied):
        actions.take(ticket, actor=ben)
    with pytest.raises(NotYoursDenied):
        actions.reopen(ticket, actor=ben, revision=None)


def test_nobody_adds_themselves_to_what_a_colleague_has(company: Company) -> None:
    ticket, _ = company.mail()
    actions.take(ticket, actor=company.actor("ann"))
    with pytest.raises(NotYoursDenied):
        actions.add_participant(ticket, actor=company.actor("ben"), address="ben@home.example")


def test_the_grounds_are_those_of_the_policy(company: Company) -> None:
    assert set(grants.grounds()) == {
        *("abuse-complaint", "problem", "support", "agreement-violation", "law")
    }
    ticket, _ = company.mail()
    with pytest.raises(Invalid):
        grants.give(
            actor=company.actor("owner"), member=company.member("ben"), record=ticket.pk,
            subject=ticket.person.ref, ground="curiosity", hours=2,
        )  # fmt: skip


def test_only_whoever_has_a_chat_asks_for_sensitive_values(company: Company) -> None:
    chat, _ = company.chat()
    actions.take(chat, actor=company.actor("ann"))
    with pytest.raises(NotYoursDenied):
        actions.ask_securely(chat, actor=company.actor("ben"), asks=["Order number"])


def claimed(company: Company) -> tuple[Conversation, str]:
    """Somebody types Mary's address into a chat, and an agent takes it."""
    chat, secret = company.chat("Hello, I am Mary.")
    actions.identify(chat, actor=VISITOR, given=TYPED)
    return actions.take(ticket_of(chat), actor=company.actor("ann")), secret


def test_a_typed_address_shows_nothing_of_its_mails(company: Company) -> None:
    chat, secret = claimed(company)
    ann = company.actor("ann")
    assert reading.card(chat, actor=ann).claimed
    ticket = actions.to_ticket(chat, actor=ann, revision=None)
    answer = actions.write(ticket, actor=ann, side="staff", text="By mail.", client_id=uuid4())
    assert answer.delivery == "queued"
    mailed = actions.write_many([
        Draft(
            ticket.pk, VISITOR, "person", "My real address is 1 Quay.", uuid4(),
            touchpoint="tickets.mail", message_id=b"m" * 32,
        )
    ])  # fmt: skip
    assert mailed[0].refused is None
    assert reading.visitor_messages(ticket_of(chat), actor=VISITOR) == []
    actions.to_chat(ticket_of(chat), actor=ann, revision=None)
    back = queries.chat_of(chat.ref, secret)
    seen = [one.text for one in reading.visitor_messages(back, actor=VISITOR)]
    assert seen == ["Hello, I am Mary."]
    assert Message.objects.filter(conversation=chat).count() == 3
    assert Participant.objects.filter(conversation=chat).count() == 1


def test_nothing_is_merged_into_a_chat_that_goes_on(company: Company) -> None:
    ticket, _ = company.mail(MARY)
    chat, _ = claimed(company)
    ann = company.actor("ann")
    actions.take(ticket, actor=ann)
    with pytest.raises(Invalid):
        actions.merge_conversations(ticket, actor=ann, into=chat, revision=None)


def ticket_of(one: Conversation) -> Conversation:
    return Conversation.objects.select_related("person").get(pk=one.pk)


def test_nobody_gives_a_grant_to_themselves_while_somebody_else_could(company: Company) -> None:
    ticket, _ = company.mail()
    owner, me = company.actor("owner"), company.member("owner")
    other = company.member("auditor")
    given: dict[str, Any] = {
        "record": ticket.pk,
        "subject": ticket.person.ref,
        "ground": "problem",
        "hours": 2,
    }
    other.role.abilities = [*other.role.abilities, "grants.give"]
    other.role.save()
    with pytest.raises(Denied, match="to themselves"):
        grants.give(actor=owner, member=me, **given)
    assert grants.give(actor=owner, member=company.member("ann"), **given)
    assert "staff.grant_taken" not in told(company, ticket.person.ref)
    # With nobody else who could, they may, and it is marked so.
    Membership.objects.filter(pk=other.pk).update(undertaking_at=None)
    assert grants.give(actor=owner, member=me, **given)
    assert "staff.grant_taken" in told(company, ticket.person.ref)
