"""What the policy in force permits of conversations."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from troth.channels.conversations.models import Conversation
from troth.core.notices.versions import current
from troth.policy import Rules

OURS: Final = ("chat.message", "chat.pre-chat", "chat.offline", "tickets.mail", "tickets.call")
CONTENT: Final = "user.content.private"
SUPPORT: Final = ("essential.service.operations.support", "essential.service")


def ways() -> frozenset[str]:
    """Touchpoints the policy has: of chat.message, chat.pre-chat, chat.offline, tickets.mail,
    tickets.call. A company without ``chat.message`` has no chat.
    """
    return frozenset(OURS) & current().rules.touchpoints.keys()


def purpose_of(conversation: Conversation, rules: Rules | None = None) -> str:
    """The purpose under which staff deal with it: the touchpoint's of support, else its first.

    `rules` are those in force, where they are asked for many conversations.
    """
    return _purpose(rules or current().rules, conversation.touchpoint)


def support() -> str:
    """The purpose of helping people, by which somebody is looked up."""
    found = sorted(ways())
    return _purpose(current().rules, found[0] if found else "")


def is_said(touchpoint: str, category: str) -> bool:
    """Whether an element is what somebody wrote in a conversation. That is read there alone, by
    whoever has it or has a grant, and on no list of what is held.
    """
    return category.startswith("user.content") and touchpoint.startswith(("chat.", "tickets."))


def content_of(conversation: Conversation, rules: Rules | None = None) -> str:
    """The category of what is written in it."""
    return _content(rules or current().rules, conversation.touchpoint)


@lru_cache(maxsize=256)
def _content(rules: Rules, where: str) -> str:
    touchpoint = rules.touchpoints.get(where)
    fields = touchpoint.fields if touchpoint else ()
    found = (one.category for one in fields if one.category.startswith("user.content"))
    return next(found, CONTENT)


@lru_cache(maxsize=256)
def _purpose(rules: Rules, where: str) -> str:
    touchpoint = rules.touchpoints.get(where)
    keys = touchpoint.purposes if touchpoint else tuple(rules.purposes)
    for use in SUPPORT:
        for key in keys:
            if key in rules.purposes and rules.purposes[key].use.startswith(use):
                return key
    return keys[0] if keys else "support"
