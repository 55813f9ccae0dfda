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
from conversations.live.process import Live, served, signed_in
from troth.channels.accounts import sign_ins
from troth.channels.accounts.models import SignIn
from troth.channels.conversations import actions
from troth.channels.conversations.live import tickets
from troth.core.actors import Actor
from troth.core.people.records import Given
from troth.core.staff.models import Role

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
    mark, auditor = signed_in(ann), company.member("auditor")
    good = tickets.issue(ann, OWN, mark)
    bad = (
        (good, FOREIGN),
        (good + "x", OWN),
        (tickets.issue(auditor, OWN, signed_in(auditor)), OWN),
        (tickets.issue(company.member("ben"), OWN, mark), OWN),  # by somebody else's log-in
        (tickets.issue(ann, OWN), OWN),
        (signing.dumps([str(company.organisation.pk), str(ann.pk), OWN, mark], salt="x"), OWN),
    )
    for ticket, origin in bad:
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
            {"t": "send", "id": str(uuid4()), "text": "half a \ud83d"},
            {"t": "send", "id": str(uuid4()), "text": "nothing \0"},
        ):
            visitor.send(**frame)
            refused = visitor.until("error")
            assert refused["what"]
            assert refused.get("id") == frame.get("id")
        visitor.connection.send('{"t":' + "[" * 15_000)
        assert visitor.until("error")["what"]
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
        ben.send(t="read", conversation=str(chat[0].pk), seq=2)
        assert ben.until("error")["code"] == "NotYoursDenied"
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


def test_who_may_not_be_there_any_more_is_cut_off(company: Company, live: Live) -> None:
    ann = company.member("ann")
    with live.member(ann) as first, live.member(ann) as second:
        for talk in (first, second):
            talk.send(t="present", available=True)
            talk.until("news", kind="presence")
        begun = SignIn.objects.filter(user=ann.user, ended_at=None)
        sign_ins.end(ann.user, begun, actor=Actor.system("cli"))
        first.send(t="present", available=True)
        assert first.closed() == 1012
    role, abilities = ann.role, list(ann.role.abilities)
    with live.member(ann) as talk:
        Role.objects.filter(pk=role.pk).update(abilities=["inbox.read"])
        talk.send(t="present", available=True)
        assert talk.closed() == 1012
    Role.objects.filter(pk=role.pk).update(abilities=abilities)


def test_what_became_a_ticket_is_not_the_chats_any_more(company: Company, live: Live) -> None:
    chat, ann = taken(company), company.actor("ann")
    with live.visitor(chat, after=1) as visitor:
        given = [
            Given("name", "user.name", "Mary"),
            Given("email", "user.contact.email", "m@x.example"),
        ]
        known = actions.identify(chat[0], actor=Actor.visitor(), given=given)
        actions.to_ticket(known, actor=ann, revision=None)
        assert visitor.closed() == 4403
    with live.socket() as talk:
        talk.send(t="hello", ref=chat[0].ref, secret=chat[1])
        assert talk.closed() == 4403
    assert live.call("poll?after=0", chat)[0] == 404


def test_asking_again_and_again_for_all_of_it_has_a_price(company: Company, live: Live) -> None:
    chat, ann = taken(company), company.actor("ann")
    for _ in range(5):
        actions.write_many(
            [actions.Draft(chat[0].pk, ann, "staff", "Well…", uuid4()) for _ in range(100)]
        )
    with live.visitor(chat) as visitor:
        visitor.hear(501)
        assert [len(frame["items"]) for frame in visitor.got if "items" in frame][:2] == [100, 100]
        assert "author" not in visitor.items[2]
        visitor.joins_again = True
        for _ in range(12):
            visitor.send(t="since", after=0)
        assert visitor.until("error")["code"] == "TooFastDenied"
