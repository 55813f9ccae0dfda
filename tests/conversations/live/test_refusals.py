"""Who is not let in, and what is not taken."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.core import signing
from websockets.exceptions import InvalidStatus

from conversations.company import Company
from conversations.live.chats import stored, taken
from conversations.live.process import Live, served
from troth.channels.conversations.live import tickets

OWN, FOREIGN = "http://comm100.localhost", "https://elsewhere.example"


def test_who_is_let_in(company: Company, live: Live) -> None:
    chat, secret = taken(company)
    for hello in (
        {"t": "hello", "ref": chat.ref, "secret": "x" * 43},
        {"t": "hello", "ref": "0" * 32, "secret": secret},
        {"t": "hello", "ref": chat.ref},
        {"t": "send", "text": "Me first.", "id": str(uuid4())},
        ["no", "frame"],
    ):
        with live.socket() as talk:
            talk.connection.send(json.dumps(hello))
            assert talk.closed() == 4403
            assert [frame["t"] for frame in talk.got] == ["error"]
    # A visitor's page may be anywhere; a member's only where the ticket was made for.
    with live.socket(origin=FOREIGN) as talk:
        talk.send(t="hello", ref=chat.ref, secret=secret)
        assert talk.until("welcome")["state"] == "open"
    ann = company.member("ann")
    good = tickets.issue(ann, OWN)
    bad = (good, FOREIGN), (good + "x", OWN), (tickets.issue(company.member("auditor"), OWN), OWN)
    other = signing.dumps([str(company.organisation.pk), str(ann.pk), OWN], salt="another")
    for ticket, origin in (*bad, (other, OWN)):
        with live.socket("/live/desk", origin) as talk:
            talk.send(t="hello", ticket=ticket)
            assert talk.closed() == 4403
    with pytest.raises(InvalidStatus), live.socket("/live/elsewhere"):
        pass


def test_what_is_taken(company: Company, live: Live) -> None:
    chat = taken(company)
    with live.visitor(chat, after=1) as visitor:
        for frame in (
            {"t": "send", "id": str(uuid4()), "text": ""},
            {"t": "send", "id": str(uuid4()), "text": "x" * 5_001},
            {"t": "send", "id": "no-uuid", "text": "Hello"},
            {"t": "send", "id": str(uuid4()), "text": 7},
            {"t": "read", "seq": -1},
            {"t": "read", "seq": True},
            {"t": "join", "conversation": str(chat[0].pk)},
            {"t": "rating", "rating": 9},
        ):
            visitor.send(**frame)
            refused = visitor.until("error")
            assert refused["what"]
            assert refused.get("id") == frame.get("id")
        for turn in range(60):  # nobody writes as fast
            visitor.say(f"Flood {turn}")
        codes = {visitor.next()["t"] for _ in range(60)}
        assert codes == {"ack", "error"}
        assert len(stored(chat[0])) < 40
        visitor.connection.send("x" * 40_000)
        assert visitor.closed() == 1009


def test_a_member_reads_nothing_of_what_is_not_theirs(company: Company, live: Live) -> None:
    chat = taken(company)
    with live.member(company.member("ben"), chat[0]) as ben, live.visitor(chat) as visitor:
        assert ben.until("error")["conversation"] == str(chat[0].pk)
        visitor.say("Between us.")
        assert ben.hear() == [None]
        ben.say("I say something too.", conversation=str(chat[0].pk))
        assert ben.until("error")["what"]
        ben.send(t="typing", conversation=str(uuid4()))
        assert "Join" in ben.until("error")["what"]
        ben.send(t="join", conversation=str(uuid4()))  # as another organisation's would be
        assert ben.until("error")["code"] == "ConversationMissing"
    assert len(stored(chat[0])) == 2


def test_who_says_nothing_is_not_waited_for(company: Company, tmp_path: Path) -> None:
    with (
        served(company.urls, home=tmp_path, TROTH_LIVE_HELLO_SECONDS="0.2") as live,
        live.socket() as talk,
    ):
        assert talk.closed() == 4408
