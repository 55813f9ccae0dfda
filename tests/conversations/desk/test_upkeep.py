"""What the worker does for a desk by itself."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import uuid4

from conversations.company import Company
from troth.channels.conversations import actions, queries, upkeep
from troth.channels.conversations.models import Conversation, Held, Queue, RawMail, SecureForm
from troth.core import clock
from troth.core.actors import Actor
from troth.core.gate.deposits import deposit
from troth.core.keyring.models import Key
from troth.core.ledger.api import sequence
from troth.core.ledger.models import Entry

VISITOR = Actor.visitor()


def later(**span: float) -> AbstractContextManager[None]:
    return clock.at(clock.now() + timedelta(**span))


def test_chats_that_stand_still_are_ended_and_their_forms_with_them(company: Company) -> None:
    left, unanswered = company.chat()[0], company.chat()[0]
    ann = company.actor("ann")
    left = actions.take(left, actor=ann)
    form = actions.ask_securely(left, actor=ann, asks=["Order"])
    actions.answer_securely(form, actor=VISITOR, answers={"Order": "77"})
    actions.write(left, actor=ann, side="staff", text="Hello?", client_id=uuid4())
    with later(minutes=20):
        assert upkeep.close_idle() == 0
    with later(minutes=40):
        assert upkeep.close_idle() == 1
    assert Conversation.objects.get(pk=unanswered.pk).state == "open"
    assert SecureForm.objects.get().gone_at is not None
    assert not Key.objects.filter(owner=form.pk).exists()
    with later(hours=25):
        assert upkeep.close_idle() == 1


def test_a_missed_target_is_told_once(company: Company) -> None:
    Queue.objects.update(first_answer_minutes=10, solve_minutes=60)
    ticket, _ = company.mail()
    assert upkeep.note_overdue() == 0
    with later(minutes=11):
        assert (upkeep.note_overdue(), upkeep.note_overdue()) == (1, 0)
        ann = company.actor("ann")
        ticket = actions.take(ticket, actor=ann)
        actions.write(ticket, actor=ann, side="staff", text="A moment.", client_id=uuid4())
        actions.reopen(ticket, actor=ann, revision=None)
        assert upkeep.note_overdue() == 0
    with later(minutes=70):
        assert (upkeep.note_overdue(), upkeep.note_overdue()) == (1, 0)
    told = [line.did for line in queries.history(ticket)]
    assert told == ["overdue", "taken", "set-state", "overdue"]


def test_chats_that_waited_are_handed_out(company: Company) -> None:
    Queue.objects.update(round_robin=True)
    company.chat()
    assert upkeep.hand_out() == 0
    company.at_the_desk("ann")
    assert (upkeep.hand_out(), upkeep.hand_out()) == (1, 0)
    assert Conversation.objects.get().assignee == company.member("ann")


def test_a_mail_nobody_decided_about_goes_with_its_key(company: Company) -> None:
    ticket, _ = company.mail()
    now = clock.now()
    raw = RawMail(digest=b"x" * 32, size=3, state="held", came_at=now, due_at=now)
    with deposit(row=raw.pk, actor=VISITOR, touchpoint="tickets.mail"):
        raw.content = "abc"
        raw.save(force_insert=True)
    Held.objects.create(raw=raw, conversation=ticket, held_at=now)
    with later(days=80):
        assert upkeep.forget_stuck() == 0
    with later(days=91):
        assert (upkeep.forget_stuck(), upkeep.forget_stuck()) == (1, 0)
    sequence()
    [entry] = Entry.objects.filter(act="conversations.mail_lapsed")
    assert (entry.subject, json.loads(entry.body)["count"]) == ("", 1)
    assert not Key.objects.filter(owner=raw.pk).exists()
    assert not Held.objects.exists()
