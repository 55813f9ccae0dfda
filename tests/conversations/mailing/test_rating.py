"""The question how it went, by mail, and the page behind its link."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from console.cast import words
from conversations.company import Company
from conversations.inbox.operators import operator
from support.mail import Mailbox, Received
from troth.channels.conversations import actions
from troth.channels.conversations.models import Conversation, Desk, Participant
from troth.core import clock
from troth.core.ledger.api import sequence
from troth.core.ledger.models import Entry
from troth.kit.mail import transport
from troth.kit.outbox.delivery import deliver_message
from troth.kit.outbox.models import Message as Mail


def answered(company: Company) -> Conversation:
    """A ticket by mail that Ann has answered."""
    ticket, _ = company.mail()
    ann = company.actor("ann")
    actions.take(ticket, actor=ann, revision=None)
    actions.write(ticket, actor=ann, side="staff", text="Turn it on.", client_id=uuid4())
    return Conversation.objects.get(pk=ticket.pk)


def delivered(smtp: Mailbox, monkeypatch: pytest.MonkeyPatch) -> list[Received]:
    monkeypatch.setattr(settings, "EMAIL_PORT", smtp.port)
    transport.cache_clear()
    for pk in Mail.objects.filter(kind="conversations.rating").values_list("pk", flat=True):
        deliver_message(pk)
    transport().close()
    transport.cache_clear()
    return smtp.received


def link_in(mail: Received) -> str:
    body: Any = mail.message.get_body(("plain",))
    found = re.search(r"https?://[^/\s]+(/rate/[^\s>)]+)", body.get_content())
    assert found, body.get_content()
    return found[1]


def asked(company: Company, smtp: Mailbox, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Client]:
    ticket = answered(company)
    actions.solve(ticket, actor=company.actor("ann"), revision=None)
    return link_in(delivered(smtp, monkeypatch)[-1]), company.browser()


def test_whoever_had_an_answer_by_mail_is_asked_and_says_how_it_went(
    company: Company, smtp: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, browser = asked(company, smtp, monkeypatch)
    [mail] = smtp.received
    assert mail.recipients == ["mary@example.com"]
    assert "Printer" not in str(mail.message), "it repeats nothing of what was said"
    assert "Turn it on" not in str(mail.message)
    for look in (browser.get, browser.head, browser.get):
        page = look(link)
        assert page.status_code == 200
        assert page["Referrer-Policy"] == "no-referrer"
        assert "no-store" in page["Cache-Control"]
    ticket = Conversation.objects.get()
    assert (ticket.rating, ticket.rated_at) == (None, None), "looking changes nothing"
    text = browser.get(link).content.decode()
    assert text.count('type="radio"') == 5
    assert "checked" not in text
    assert "<legend>" in text
    assert "mary@" not in text
    assert "Set-Cookie" not in browser.get(link)
    after = browser.post(link, {"rating": "4"}, follow=True)
    assert "You said: 4 of 5, well." in words(after)
    browser.post(link, {"rating": "2"})
    ticket.refresh_from_db()
    assert ticket.rating == 2, "it may be changed for a day"
    sequence()
    told = Entry.objects.filter(act="conversations.rated", subject=ticket.person.ref)
    assert told.count() == 2
    with clock.at(clock.now() + timedelta(days=2)):
        late = browser.get(link)
        assert "You said: 2 of 5" in words(late)
        assert "<form" not in late.content.decode().split('<main id="main"')[1].split("</main>")[0]
        assert browser.post(link, {"rating": "5"}).status_code == 409
    ticket.refresh_from_db()
    assert ticket.rating == 2


def test_what_is_no_choice_and_what_is_no_link_is_told_so(
    company: Company, smtp: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, browser = asked(company, smtp, monkeypatch)
    for given in ({}, {"rating": "6"}, {"rating": "well"}):
        answer = browser.post(link, given)
        assert answer.status_code == 422
        assert "Choose one" in words(answer)
    ticket = Conversation.objects.get()
    for forged in (link[:-1] + ("A" if link[-1] != "A" else "B"), f"/rate/{ticket.ref}"):
        answer = browser.post(forged, {"rating": "5"})
        assert (answer.status_code, "This link does not work" in words(answer)) == (404, True)
    now = time.time()
    for days, status in ((29, 200), (31, 404)):
        monkeypatch.setattr("django.core.signing.time.time", lambda ago=days: now + ago * 86_400)
        assert browser.get(link).status_code == status
    assert browser.post(link, {"rating": "5"}).status_code == 404
    ticket.refresh_from_db()
    assert ticket.rating is None


def test_nobody_is_asked_where_no_way_leads_to_them(company: Company) -> None:
    ann = operator(company, "ann")
    ticket = answered(company)
    Participant.objects.all().delete()
    actions.solve(ticket, actor=company.actor("ann"), revision=None)
    ticket.refresh_from_db()
    assert ticket.asked_rating_at is None
    told = ann.browser.get(ann.change(ticket, "ask-rating")["Location"])
    assert "Nobody is asked" in words(told)
    assert not Mail.objects.filter(kind="conversations.rating").exists()


def test_staff_are_told_how_they_are_asked_and_it_is_asked_once(company: Company) -> None:
    ann = operator(company, "ann")
    Desk.objects.update(ask_rating=False)
    ticket = answered(company)
    actions.solve(ticket, actor=company.actor("ann"), revision=None)
    assert not Mail.objects.filter(kind="conversations.rating").exists(), "the desk does not ask"
    Desk.objects.update(ask_rating=True)
    told = ann.browser.get(ann.change(ticket, "ask-rating")["Location"])
    assert "They are asked how it went, by mail." in words(told)
    again = ann.browser.get(ann.change(ticket, "ask-rating")["Location"])
    assert "Nobody is asked" in words(again)
    assert Mail.objects.filter(kind="conversations.rating").count() == 1
    chat, _ = company.chat()
    chat = actions.take(chat, actor=company.actor("ann"), revision=None)
    actions.write(chat, actor=company.actor("ann"), side="staff", text="Hi", client_id=uuid4())
    actions.close(chat, actor=company.actor("ann"))
    assert Conversation.objects.get(pk=chat.pk).asked_rating_at is not None
    assert Mail.objects.filter(kind="conversations.rating").count() == 1, "a chat asks by itself"
