"""Access, erasure and retention take every message and file; the other side's words stay out."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from uuid import uuid4

import pytest

from conversations.company import BOTH, Company
from troth.channels.conversations import actions, moderating, reading
from troth.channels.conversations.attaching import api as attaching
from troth.channels.conversations.mailing import raw
from troth.channels.conversations.models import (
    Attachment,
    AttachmentPart,
    Conversation,
    Event,
    Message,
    Participant,
    RawMail,
    SecureForm,
)
from troth.core import clock
from troth.core.actors import Actor
from troth.core.gate.collecting import collect
from troth.core.gate.merging import merge
from troth.core.keyring.models import Key
from troth.core.people.models import Element, Person
from troth.core.retention import api as retention
from troth.core.retention.words import GROUNDS
from troth.core.rights import api as rights
from troth.core.rights.packing import package

SYSTEM, VISITOR = Actor.system("tests"), Actor.visitor()


def talk(company: Company) -> Conversation:
    """A ticket with a file, an answer and a note."""
    ticket, message = company.mail(text="My parrot ate the invoice.")
    with collect(actor=VISITOR, touchpoint="tickets.mail", data=["user.content.private"]):
        file = attaching.prepare("invoice.txt", b"Invoice 77")
        attaching.keep(file, person=ticket.person, message=message)
    ann = company.actor("ann")
    ticket = actions.take(ticket, actor=ann)
    actions.write(ticket, actor=ann, side="staff", text="Poor parrot.", client_id=uuid4())
    actions.note(ticket, actor=ann, text="The third parrot this week.")
    return ticket


def test_the_package_has_their_words_and_files_and_nobody_elses(company: Company) -> None:
    ticket = talk(company)
    request = rights.ask("access", actor=SYSTEM, way="account", person=ticket.person)
    with zipfile.ZipFile(io.BytesIO(package(request))) as archive:
        data = json.loads(archive.read("your-data.json"))
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
        files = {name: archive.read(name) for name in archive.namelist() if "files/" in name}
    values = {record["value"] for record in data["records"] if isinstance(record["value"], str)}
    assert {"My parrot ate the invoice.", "Printer", "mary@example.com", "invoice.txt"} <= values
    assert [name.rpartition("-")[2] for name in files] == ["invoice.txt"]
    assert list(files.values()) == [b"Invoice 77"]
    for words in ("Poor parrot", "third parrot"):
        assert words not in everything


@BOTH
def test_an_erasure_takes_all_of_it(company: Company) -> None:
    ticket = talk(company)
    chat, _ = company.chat()
    chat = actions.take(chat, actor=company.actor("ann"))
    form = actions.ask_securely(chat, actor=company.actor("ann"), asks=["Order"])
    actions.answer_securely(form, actor=VISITOR, answers={"Order": "77"})
    merge(chat.person, into=ticket.person, actor=SYSTEM)
    other, _ = company.mail("john@example.com", name="John")
    request = rights.ask("deletion", actor=SYSTEM, way="account", person=ticket.person)
    rights.approve(request, actor=SYSTEM)
    rights.fulfil(request, actor=SYSTEM)
    assert request.state == "done"
    assert not Key.objects.filter(owner=form.pk).exists()
    assert list(Conversation.objects.all()) == [other]
    for model in (Message, Attachment, AttachmentPart, Event, Participant, SecureForm):
        left = model._default_manager.all()
        assert {getattr(row, "conversation_id", None) for row in left} <= {other.pk}, model


def test_an_erasure_takes_mail_that_nobody_has_decided_about(company: Company) -> None:
    ticket = talk(company)
    address = "Mary@Example.com"
    for number, sender in enumerate((address, "john@example.com")):
        content = f"From: Somebody <{sender}>\r\nSubject: x\r\n\r\nStill mine.\r\n".encode()
        raw.keep(content, digest=bytes([number]) * 32, state=RawMail.State.QUARANTINE, way="smtp")
    hers = RawMail.objects.order_by("came_at").first()
    request = rights.ask("deletion", actor=SYSTEM, way="account", person=ticket.person)
    rights.approve(request, actor=SYSTEM)
    rights.fulfil(request, actor=SYSTEM)
    [left] = RawMail.objects.all()
    assert b"john@example.com" in raw.read(left, actor=SYSTEM)
    assert not Key.objects.filter(owner=hers.pk).exists()


def test_retention_takes_staff_words_and_files_with_theirs(company: Company) -> None:
    ticket = talk(company)
    soon = clock.now() + timedelta(days=700)
    with clock.at(soon):
        assert retention.run_now(confirmed=True).due == 0
    with clock.at(clock.now() + timedelta(days=800)):
        retention.run_now(confirmed=True)
    for model in (Message, Attachment, AttachmentPart, Participant):
        assert not model._default_manager.exists(), model
    assert not Element.objects.filter(person=ticket.person).exists()


@pytest.mark.parametrize("restricted", [True, False])
def test_somebody_who_restricted_their_data_is_not_read(company: Company, restricted: bool) -> None:
    ticket = talk(company)
    if restricted:
        request = rights.ask("restriction", actor=SYSTEM, way="account", person=ticket.person)
        rights.approve(request, actor=SYSTEM)
        rights.fulfil(request, actor=SYSTEM)
        with pytest.raises(Exception, match="may not use"):
            reading.messages(ticket, actor=company.actor("ann"))
    else:
        assert len(reading.messages(ticket, actor=company.actor("ann"))) == 3
    assert Person.objects.filter(pk=ticket.person_id).exists()


def test_a_message_deleted_as_harmful_takes_the_mail_it_came_as_along(company: Company) -> None:
    _, message = company.mail(text="I know where you live.")
    content, state = b"I know where you live.", RawMail.State.UNREADABLE
    kept = raw.keep(content, digest=b"r" * 32, state=state, way="smtp", message=message)
    assert Key.objects.filter(owner=kept.pk).exists()
    moderating.act(message.pk.hex, "deleted", SYSTEM, "1")
    assert not Element.objects.filter(record=message.pk).exists()
    assert not RawMail.objects.exists()
    assert not Key.objects.filter(owner=kept.pk).exists()


def test_a_block_reaches_the_conversation_that_another_was_merged_into(company: Company) -> None:
    first, _ = company.mail(text="Good day.")
    second, message = company.mail(text="I know where you live.")
    ann = company.actor("ann")
    for one in (first, second):
        actions.take(one, actor=ann)
    actions.merge_conversations(second, actor=ann, into=first, revision=None)
    for done, state in (("blocked", "closed"), ("restored", "open")):
        moderating.act(message.pk.hex, done, SYSTEM, "1")
        first.refresh_from_db()
        assert first.state == state


def test_a_message_under_a_legal_hold_is_not_deleted_as_harmful(company: Company) -> None:
    _, message = company.mail(text="I know where you live.")
    until = clock.now() + timedelta(days=30)
    [ground, *_] = GROUNDS
    retention.set_hold(actor=SYSTEM, ground=ground, ends_at=until, person=message.person)
    with pytest.raises(retention.HeldDenied):
        moderating.act(message.pk.hex, "deleted", SYSTEM, "1")
    assert Element.objects.filter(record=message.pk).exists()
