"""What comes at the same moment: one after the other, nothing lost, nothing overwritten."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

from django.db import connections

from conversations.company import BOTH, Company
from troth.channels.conversations import actions
from troth.channels.conversations.actions import Draft
from troth.channels.conversations.models import Conversation, Message
from troth.channels.conversations.refusals import StaleDenied
from troth.core.actors import Actor
from troth.core.organisations.scope import scope

VISITOR = Actor.visitor()
MANY = 4


def at_once(company: Company, work: Callable[[int], Any]) -> list[Any]:
    """Do it in several threads, each with connections of its own."""

    def run(number: int) -> Any:
        try:
            with scope(company.organisation):
                return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(MANY) as pool:
        return list(pool.map(run, range(MANY)))


@BOTH
def test_of_changes_made_from_one_page_one_is_made(company: Company) -> None:
    ticket, _ = company.mail()
    ann = company.actor("ann")

    def change(number: int) -> list[str]:
        try:
            actions.tag(ticket, actor=ann, name=f"tag {number}", revision=ticket.revision)
        except StaleDenied as stale:
            return [event.did for event in stale.since]
        return []

    assert sorted(at_once(company, change)) == [[], *[["tagged"]] * (MANY - 1)]
    assert Conversation.objects.get().taggings.count() == 1


@BOTH
def test_messages_that_come_at_once_stand_in_a_row(company: Company) -> None:
    chats = [company.chat()[0].pk for _ in range(2)]

    def write(number: int) -> list[int]:
        order = chats if number % 2 else chats[::-1]
        drafts = [Draft(chat, VISITOR, "person", f"{number}", uuid4()) for chat in order * 5]
        return [message.seq for message in actions.write_many(drafts)]

    written = at_once(company, write)
    assert sorted(seq for some in written for seq in some) == sorted([*range(2, 2 + 5 * MANY)] * 2)
    for chat in chats:
        rows = Message.objects.filter(conversation=chat).values_list("seq", flat=True)
        assert sorted(rows) == list(range(1, 2 + 5 * MANY))


@BOTH
def test_conversations_opened_at_once_have_numbers_of_their_own(company: Company) -> None:
    once, secret = uuid4(), "a secret that the browser made itself"

    def opened(_: int) -> int:
        return company.chat()[0].number

    assert sorted(at_once(company, opened)) == [1001, 1002, 1003, 1004]
    first, _ = actions.open_chat(actor=VISITOR, text="Hi", client_id=once, secret=secret)
    again, _ = actions.open_chat(actor=VISITOR, text="Hi", client_id=once, secret=secret)
    assert first == again
