"""What a visitor and a member of the staff say to each other over real sockets."""

from __future__ import annotations

from conversations.company import BOTH, Company
from conversations.live.process import Live
from troth.channels.conversations import actions
from troth.channels.conversations.models import Conversation, Message


def taken(company: Company) -> tuple[Conversation, str]:
    """A chat that Ann has."""
    chat, secret = company.chat()
    return actions.take(chat, actor=company.actor("ann"), revision=None), secret


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
