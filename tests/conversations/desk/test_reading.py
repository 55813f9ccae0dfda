"""Bodies: open for whoever has the conversation or has a grant, and for nobody else."""

from __future__ import annotations

from uuid import uuid4

import pytest

from conversations.company import Company
from troth.channels.conversations import actions, queries, reading
from troth.channels.conversations.refusals import ConversationMissing, ReadingDenied
from troth.core.actors import Actor
from troth.core.ledger.api import timeline
from troth.core.people.records import Given
from troth.core.staff import grants
from troth.core.staff.models import Grant

VISITOR = Actor.visitor()


def told(company: Company, person_ref: str) -> list[str]:
    """The acts in somebody's timeline."""
    return [line.act for line in timeline(company.organisation, person_ref).lines]


def test_whoever_has_it_reads_it_and_the_person_sees_that(company: Company) -> None:
    ticket, _ = company.mail(subject="Printer", text="It prints nothing.")
    ann = company.actor("ann")
    actions.take(ticket, actor=ann)
    ticket.refresh_from_db()
    actions.note(ticket, actor=ann, text="Always the same one.")
    actions.write(ticket, actor=ann, side="staff", text="Is it on?", client_id=uuid4())
    found = reading.messages(ticket, actor=ann)
    assert [(one.side, one.text) for one in found] == [
        ("person", "It prints nothing."),
        ("note", "Always the same one."),
        ("staff", "Is it on?"),
    ]
    assert found[0].subject == "Printer"
    assert reading.subjects([ticket], actor=ann) == {ticket.pk: "Printer"}
    assert [one.seq for one in reading.messages(ticket, actor=ann, after=2)] == [3]
    assert "gate.used" in told(company, ticket.person.ref)


def test_nobody_else_reads_it_and_the_attempt_is_on_the_ledger(company: Company) -> None:
    ticket, _ = company.mail()
    actions.take(ticket, actor=company.actor("ann"))
    ticket.refresh_from_db()
    for name in ("ben", "owner", "auditor"):
        with pytest.raises(ReadingDenied):
            reading.messages(ticket, actor=company.actor(name))
        with pytest.raises(ReadingDenied):
            reading.card(ticket, actor=company.actor(name))
    assert reading.subjects([ticket], actor=company.actor("ben")) == {}
    assert told(company, ticket.person.ref).count("gate.denied") == 6


def test_a_grant_opens_it_for_a_while(company: Company) -> None:
    ticket, _ = company.mail()
    ben = company.actor("ben")
    grant = grants.give(
        actor=company.actor("owner"), member=company.member("ben"), record=ticket.pk,
        subject=ticket.person.ref, ground="abuse-complaint", hours=2,
    )  # fmt: skip
    assert reading.messages(ticket, actor=ben)[0].text == "It prints nothing."
    grants.end(grant, actor=company.actor("owner"), subject=ticket.person.ref)
    with pytest.raises(ReadingDenied):
        reading.messages(ticket, actor=ben)
    past = Grant.objects.get()
    Grant.objects.update(ended_at=None, expires_at=past.given_at)
    assert not reading.may_read(ticket, actor=ben)
    acts = told(company, ticket.person.ref)
    assert {"staff.grant_given", "staff.grant_ended", "gate.used", "gate.denied"} <= set(acts)


def test_a_visitor_who_types_an_address_sees_nothing_of_the_earlier_record(
    company: Company,
) -> None:
    earlier, _ = company.mail("mary@example.com", text="My secret is a parrot.")
    chat, secret = company.chat("Hello, it is Mary.")
    given = [
        Given("name", "user.name", "Mary"),
        Given("email", "user.contact.email", "mary@example.com"),
    ]
    actions.identify(chat, actor=VISITOR, given=given)
    chat = queries.chat_of(chat.ref, secret)
    assert chat.person.root_id == earlier.person.root_id
    seen = reading.visitor_messages(chat, actor=VISITOR)
    assert [one.text for one in seen] == ["Hello, it is Mary."]
    ann = company.actor("ann")
    chat = actions.take(chat, actor=ann)
    actions.note(chat, actor=ann, text="Is it her?")
    card = reading.card(chat, actor=ann)
    assert [other.number for other in card.earlier] == [earlier.number]
    assert ("mary@example.com" in dict(card.lines).values(), card.anonymous) == (True, False)
    assert len(reading.visitor_messages(chat, actor=VISITOR)) == 1
    with pytest.raises(ConversationMissing):
        queries.chat_of(chat.ref, secret + "x")


def test_secure_answers_are_readable_while_the_chat_lasts_and_gone_after(company: Company) -> None:
    chat, _ = company.chat()
    ann = company.actor("ann")
    chat = actions.take(chat, actor=ann)
    form = actions.ask_securely(chat, actor=ann, asks=["Order number"])
    form = actions.answer_securely(form, actor=VISITOR, answers={"Order number": "A-77"})
    assert reading.secure_answers(form, actor=ann) == {"Order number": "A-77"}
    with pytest.raises(ReadingDenied):
        reading.secure_answers(form, actor=company.actor("ben"))
    actions.close(chat, actor=VISITOR)
    form.refresh_from_db()
    assert reading.secure_answers(form, actor=ann) == {}
    assert form.gone_at is not None
    assert "A-77" not in str([one.text for one in reading.messages(chat, actor=ann)])
