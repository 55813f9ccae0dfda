"""What conversations put on the ledger, in words for the person's timeline."""

from __future__ import annotations

from typing import Final

from troth.channels.conversations.models import Conversation
from troth.core.ledger import kinds
from troth.core.ledger.acts import register

_WAY = kinds.one_of(*Conversation.Way.values)


def _act(name: str, sentence: str) -> str:
    return register(f"conversations.{name}", sentence=sentence).name


OPENED = register(
    "conversations.opened",
    sentence="You began a conversation by {way}",
    detail={"way": _WAY},
).name
_WROTE: Final = {
    "person": _act("wrote", "You wrote into a conversation of yours"),
    "staff": _act("answered", "{actor} answered you in a conversation"),
    "note": _act("noted", "{actor} wrote a note among staff about your conversation"),
    "system": _act("noticed", "It was noted in your conversation what happened"),
}
_CHANGED: Final = {
    did: _act(did, sentence)
    for did, sentence in {
        "added-participant": "{actor} let somebody else take part in your conversation by mail",
        "asked-rating": "You were asked how a conversation went",
        "asked-to-read": "{actor} asked to be let read your conversation",
        "assigned": "{actor} gave your conversation to a colleague",
        "follow-up": "{actor} planned to come back to your conversation",
        "followed-up": "{actor} came back to your conversation",
        "gave-back": "{actor} took two of your conversations apart",
        "given": "Your conversation was given to whose turn it was",
        "identified": "You said who you are in a conversation",
        "linked": "{actor} linked your conversation to another",
        "merged": "{actor} joined your conversation to another of yours",
        "queued": "{actor} moved your conversation to another queue",
        "rated": "You said how a conversation went",
        "released": "{actor} put your conversation back for a colleague",
        "removed-participant": "{actor} let somebody take part in your conversation no more",
        "set-priority": "{actor} changed how urgent your conversation is",
        "set-state": "{actor} changed how far your conversation is",
        "split": "{actor} made two of your conversation",
        "split-off": "{actor} began a conversation with a part of another of yours",
        "tagged": "{actor} put a tag on your conversation",
        "taken": "{actor} took your conversation",
        "to-chat": "{actor} went on by chat in your conversation",
        "to-ticket": "{actor} went on by mail in your conversation",
        "took-in": "{actor} joined another of your conversations to one",
        "transferred": "{actor} handed your conversation to a colleague",
        "unlinked": "{actor} took the link of your conversation to another off",
        "unmerged": "{actor} took two of your conversations apart again",
        "untagged": "{actor} took a tag off your conversation",
    }.items()
}
CHANGED = register(
    "conversations.changed",
    sentence="{actor} changed something about your conversation",
    detail={"did": kinds.key},
).name
SET_UP = register(
    "conversations.set_up",
    sentence="{actor} changed how the desk works",
    detail={"did": kinds.key},
).name
SECURE = register(
    "conversations.secure",
    sentence="{actor} read what you filled into a secure form",
    detail={"did": kinds.one_of("read")},
).name
_SECURE: Final = {
    "asked": _act("secure-asked", "{actor} asked you for something by a secure form"),
    "answered": _act("secure-answered", "You filled in a secure form"),
    "gone": _act("secure-gone", "What you filled into a secure form was destroyed"),
}


def wrote(side: str) -> str:
    """The act of writing a message, by whose it is."""
    return _WROTE[side]


def changed(did: str) -> tuple[str, dict[str, str]]:
    """The act of a change with its detail: one of its own, or the general one."""
    return (_CHANGED[did], {}) if did in _CHANGED else (CHANGED, {"did": did})


def secure(did: str) -> str:
    """What was done with a secure form, other than reading it."""
    return _SECURE[did]


COPIED = _act("copied", "{actor} sent you a copy of your conversation")
