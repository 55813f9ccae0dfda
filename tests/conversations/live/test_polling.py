"""The same chat over plain HTTP."""

from __future__ import annotations

import threading
import urllib.request
from uuid import uuid4

from conversations.company import BOTH, Company
from conversations.live.chats import stored, taken
from conversations.live.process import Live
from troth.channels.conversations import actions


@BOTH
def test_a_chat_by_polling(company: Company, live: Live) -> None:
    chat = taken(company)
    status, frames = live.call("poll?after=0", chat)
    assert status == 200
    assert frames[0]["items"][0]["text"] == "Hello, is anybody there?"
    made = str(uuid4())
    for _ in range(2):  # the answer to the first was lost
        status, frames = live.call("send", chat, {"t": "send", "id": made, "text": "By post."})
        assert (status, frames[0]["t"], frames[0]["seq"]) == (200, "ack", 2)
    assert stored(chat[0])[1:] == [made]
    found: list[str] = []

    def wait() -> None:
        _, frames = live.call("poll?after=2", chat)
        found.extend(item["text"] for frame in frames for item in frame.get("items", []))

    waiting = threading.Thread(target=wait)
    waiting.start()
    ann = company.actor("ann")
    actions.write(chat[0], actor=ann, side="staff", text="At last!", client_id=uuid4())
    waiting.join(10)
    assert found == ["At last!"]


def test_who_may_poll(company: Company, live: Live) -> None:
    chat, secret = taken(company)
    assert live.call("poll?after=0", (chat, secret[::-1]))[0] == 404
    assert live.call("send", (chat, secret[::-1]), {"t": "ping"})[0] == 404
    assert live.call("send", (chat, secret), [{"t": "ping"}, {"t": "ping"}])[0] == 200
    assert live.call("send", (chat, secret), "no frame")[0] == 400
    request = urllib.request.Request(f"{live.http}/live/chat/poll", method="OPTIONS")
    with urllib.request.urlopen(request, timeout=10) as answer:
        allowed = {key.lower(): value for key, value in answer.headers.items()}
    assert allowed["access-control-allow-origin"] == "*"
    assert "x-chat-secret" in allowed["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in allowed
    assert "set-cookie" not in allowed
