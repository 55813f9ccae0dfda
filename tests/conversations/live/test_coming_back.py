"""Nothing acknowledged is lost and nothing comes twice: reload, lost network, restarts."""

from __future__ import annotations

import threading
from contextlib import suppress
from uuid import uuid4

import pytest
from django.db import connection
from websockets.exceptions import ConnectionClosed

from conversations.company import BOTH, Company
from conversations.live.chats import stored, taken
from conversations.live.process import Live
from troth.channels.conversations import actions


def cut(what: str) -> int:
    """End the server's connections of this name; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name = %s",
            [what],
        )
        return int(cursor.fetchone()[0])


@BOTH
def test_what_was_said_meanwhile_comes_after_a_lost_network(company: Company, live: Live) -> None:
    chat, secret = taken(company)
    visitor = live.visitor((chat, secret))
    assert visitor.hear() == ["Hello, is anybody there?"]
    visitor.connection.socket.close()  # as a network does: without a word
    with live.member(company.member("ann"), chat, after=1) as ann:
        for text in ("One.", "Two.", "Three."):
            ann.until("ack", id=ann.say(text, conversation=str(chat.pk)))
    with live.visitor((chat, secret), after=visitor.last) as again:
        assert again.hear(3) == ["One.", "Two.", "Three."]
        assert again.welcome["seq"] == again.last == 4
    with live.visitor((chat, secret)) as reloaded:  # it knows of nothing
        assert len(reloaded.hear(4)) == 4


@BOTH
def test_a_killed_process_loses_nothing_it_acknowledged(company: Company, live: Live) -> None:
    chat = taken(company)
    sent, acknowledged = [str(uuid4()) for _ in range(40)], []
    visitor = live.visitor(chat)
    for turn, one in enumerate(sent):
        visitor.say(f"Message {turn}", id=one)
    with suppress(ConnectionClosed):
        while True:
            frame = visitor.next()
            if frame["t"] == "ack":
                acknowledged.append(frame["id"])
            if len(acknowledged) == 5:
                live.end(kill=True)
    assert len(acknowledged) >= 5
    before = stored(chat[0])
    assert {*acknowledged} <= {*before}
    live.begin()
    again = live.visitor(chat, after=visitor.last)
    seqs = {}
    for turn, one in enumerate(sent):  # a browser sends all it has no answer for; we send all
        again.say(f"Message {turn}", id=one)
        seqs[one] = again.until("ack", id=one)["seq"]
        if turn % 10 == 9:
            again.__exit__()
            again = live.visitor(chat, after=again.last)
    again.__exit__()
    assert stored(chat[0])[1:] == sorted(sent, key=seqs.__getitem__)
    assert sorted(seqs.values()) == list(range(2, 42))


def test_a_process_that_is_told_to_go_takes_its_leave(company: Company, live: Live) -> None:
    chat = taken(company)
    with live.visitor(chat, after=1) as visitor:
        made = visitor.say("One more thing.")
        polled: list[int] = []
        waiting = threading.Thread(
            target=lambda: polled.append(live.call("poll?after=9", chat)[0]), daemon=True
        )
        waiting.start()
        visitor.until("ack", id=made)
        live.end()
        assert visitor.closed() == 1012
        waiting.join(5)
    assert live.process is not None
    assert live.process.returncode == 0
    assert stored(chat[0])[1:] == [made]


@pytest.mark.parametrize("company", ["postgres"], indirect=True)
@pytest.mark.postgres
def test_several_processes_and_a_bus_that_was_cut(
    company: Company, live: Live, second_live: Live
) -> None:
    chat = taken(company)
    with live.visitor(chat, after=1) as visitor:
        with second_live.member(company.member("ann"), chat[0], after=1) as ann:
            visitor.until("ack", id=visitor.say("Here?"))
            assert ann.hear() == ["Here?"]
            ann.say("Here.", conversation=str(chat[0].pk))
            assert visitor.hear() == ["Here."]
            ann.send(t="typing", conversation=str(chat[0].pk))
            assert visitor.until("typing")["side"] == "staff"
        assert cut("troth live bus") == 2
        actions.write(
            chat[0], actor=company.actor("ann"), side="staff", text="And now?", client_id=uuid4()
        )
        assert visitor.hear() == ["And now?"]


def test_a_reader_too_slow_is_cut_off_and_comes_back(company: Company, live: Live) -> None:
    chat, ann = taken(company), company.actor("ann")
    long = "word " * 900
    with live.visitor(chat, after=1, small=True) as slow, live.visitor(chat, after=1) as quick:
        for _ in range(8):
            actions.write_many(
                [actions.Draft(chat[0].pk, ann, "staff", long, uuid4()) for _ in range(60)]
            )
            quick.hear(60)
        quick.until("ack", id=quick.say("I do not wait for the other one."))
        assert slow.closed() in (1006, 1013)
        slow.last = max((one["seq"] for one in slow.got if one["t"] == "messages"), default=1)
    assert slow.last < 481
    with live.visitor(chat, after=slow.last) as again:
        assert again.hear(482 - slow.last)[-1] == "I do not wait for the other one."
