"""Who is who on the form: the friend's fields begin with `friend-`, the others are the sender's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from troth.core.people.records import Given
from troth.policy import Touchpoint

INVITE: Final = "referral.invite"
EMAIL: Final = "user.contact.email"
NAME: Final = "user.name"
FRIEND: Final = "friend-"
# Anything else in a greeting could be an address or an offer, sent to a stranger in our name.
_PLAIN_NAME: Final = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+|\. ?[^\W\d_]+){0,5}\.?")
LONGEST: Final = 60


def works(touchpoint: Touchpoint) -> bool:
    """Whether the clause asks for what an invitation cannot do without."""
    return any(field.category == EMAIL and field.required for field in touchpoint.fields)


def address(given: Sequence[Given]) -> str:
    """The friend's address."""
    found = [item for item in given if item.category == EMAIL]
    return min(found, key=lambda item: not item.name.startswith(FRIEND)).text


def friend(given: Sequence[Given]) -> str:
    """The friend's name for the greeting; blank if there is none, or it is no name by its looks."""
    return _name(given, of_friend=True)


def sender(given: Sequence[Given]) -> str:
    """The name of who invites, where the clause asks for one and they gave it."""
    return _name(given, of_friend=False)


def _name(given: Sequence[Given], *, of_friend: bool) -> str:
    for item in given:
        if item.category == NAME and item.name.startswith(FRIEND) is of_friend:
            fits = len(item.text) <= LONGEST and _PLAIN_NAME.fullmatch(item.text)
            return item.text if fits else ""
    return ""


def mailbox(text: str) -> str:
    """One spelling for one mailbox: what follows a plus sign only sorts (RFC 5233)."""
    local, _, domain = text.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"
