"""What a visitor and a member of the staff say to each other over real sockets."""

from __future__ import annotations

from uuid import uuid4

from conversations.company import BOTH, Company
from conversations.live.chats import taken
from conversations.live.process import Live
from troth.channels.conversations import actions, reading
from troth.channels.conversations.models import Message


@BOTH
def test_a_conversation_over_two_sockets(company: Company, live: Live) -> None:
    chat = taken(company)
    with live.visitor(chat) as visitor, live.member(company.member("ann"), chat[0]) as ann:
        assert ann.hear() == visitor.hear() == ["Hello, is anybody there?"]
        ids = [ann.say("Yes, I am.", conversation=str(chat[0].pk))]
        assert visitor.hear() == ["Yes, I am."]
        ids += [visitor.say("My printer prints nothing.")]
        assert visitor.until("ack", id=ids[1])["seq"] == 3
        assert ann.hear() == ["My printer prints nothing."]
        visitor.send(t="typing")
        assert ann.until("news", kind="typing")["side"] == "person"
        visitor.send(t="read", seq=2)
    rows = Message.objects.filter(conversation=chat[0]).order_by("seq")
    assert [str(one.client_id) for one in rows[1:]] == ids
    assert [one.side for one in rows] == ["person", "staff", "person"]


@BOTH
def test_what_other_processes_write_comes_too_but_notes_stay_among_staff(
    company: Company, live: Live
) -> None:
    chat = taken(company)
    ann, ben = company.actor("ann"), company.actor("ben")
    with (
        live.visitor(chat, after=1) as visitor,
        live.member(company.member("ann"), chat[0], after=1) as at_anns,
    ):
        actions.note(chat[0], actor=ann, text="Be kind: an old customer.")
        assert at_anns.hear() == ["Be kind: an old customer."]
        actions.write(chat[0], actor=ann, side="staff", text="Hello!", client_id=uuid4())
        assert at_anns.hear() == visitor.hear() == ["Hello!"]
        at_anns.say("It is the cable, I bet.", conversation=str(chat[0].pk), note=True)
        visitor.until("ack", id=visitor.say("Hello, Ann."))
        assert at_anns.hear() == ["Hello, Ann."]
        assert [one["seq"] for one in visitor.items.values()] == [3, 5]
        # From here on the words are not Ann's to read.
        moved = actions.transfer(chat[0], actor=ann, to=company.member("ben"), revision=None)
        assert at_anns.until("news", topic="conversation")["kind"] != "message"
        visitor.until("ack", id=visitor.say("And my name is Mary."))
        assert at_anns.hear() == [None]
    read = [one.text for one in reading.messages(moved, actor=ben)]
    assert read[-1] == "And my name is Mary."
    assert "Be kind: an old customer." not in [item.get("text") for item in visitor.items.values()]


def test_what_is_masked_is_masked_for_everybody(company: Company, live: Live) -> None:
    chat = taken(company)
    with (
        live.visitor(chat, after=1) as visitor,
        live.visitor(chat, after=1) as tab,
        live.member(company.member("ann"), chat[0], after=1) as ann,
    ):
        ack = visitor.until("ack", id=visitor.say("My card is 4111 1111 1111 1111."))
        assert ack["masked"] == ["card"]
        assert ann.hear() == tab.hear() == [ack["text"]]
    assert "4111 1111" not in ack["text"]


def test_a_visitor_hears_what_concerns_them_and_of_nothing_else(
    company: Company, live: Live
) -> None:
    chat, ann = taken(company), company.actor("ann")
    with live.member(company.member("ann")) as at_anns, live.visitor(chat, after=1) as visitor:
        tagged = actions.tag(chat[0], actor=ann, name="printer", revision=None)
        actions.ask_securely(tagged, actor=ann, asks=["Order number"])
        [asked] = visitor.until("messages")["items"]
        at_anns.send(t="join", conversation=str(chat[0].pk), after=2)
        at_anns.until("news", kind="presence", topic="conversation")
        assert visitor.until("presence")["online"] is True
        at_anns.send(t="read", conversation=str(chat[0].pk), seq=1)
        assert visitor.until("read") == {"t": "read", "side": "staff", "seq": 1}
        actions.solve(chat[0], actor=ann, revision=None)
        visitor.until("state", kind="set-state")
        assert at_anns.until("news", did="set-state", topic="desk")["conversation"]
        visitor.send(t="rating", rating=5)
        assert visitor.until("state", kind="rated")
    with live.visitor(chat, after=1) as again:
        assert (again.welcome["state"], again.welcome["read"]) == ("solved", 1)
    assert (asked["side"], bool(asked["said"])) == ("system", True)
    told = {frame.get("kind") for frame in visitor.got}
    assert told <= {None, "secure-form", "set-state", "asked-rating", "rated"}
    chat[0].refresh_from_db()
    assert chat[0].rating == 5


def test_who_joins_while_much_is_said_misses_nothing(company: Company, live: Live) -> None:
    chat = taken(company)
    key = str(chat[0].pk)
    with live.visitor(chat, after=1) as visitor, live.member(company.member("ann")) as ann:
        ann.joins_again = True  # and is told again what it had not read yet
        for turn in range(15):
            visitor.say(f"Message {turn}")
            if turn % 3 == 0:
                ann.send(t="leave", conversation=key)
                ann.send(t="join", conversation=key, after=ann.last)
            if turn % 5 == 4:
                actions.note(chat[0], actor=company.actor("ann"), text=f"Note {turn}")
        while ann.last < 19:
            ann.next()
        while visitor.last < 16:
            visitor.next()
    told = [item["text"] for _, item in sorted(ann.items.items())]
    assert [text for text in told if text[:4] != "Note"][-15:] == [
        f"Message {turn}" for turn in range(15)
    ]
    assert len(told) == 19
