"""Telling somebody that their mail came, and its number: once, and never to a machine. Where
something in a mail was blotted out, each such mail is answered with what, and why.

A machine that answers every mail and marks none of its own would be answered for ever, so few
acknowledgements go to one address in a day (RFC 3834 section 2).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from troth.channels.conversations.mailing import desks, identities
from troth.channels.conversations.masking import WORDS
from troth.channels.conversations.models import Desk, Message, Outgoing
from troth.core import clock
from troth.core.asking import ask
from troth.core.inserting import insert
from troth.kit.mail import compose
from troth.kit.mail.text import as_text
from troth.kit.throttle.counting import ThrottleDenied, throttle

A_DAY: Final = 86_400
MOST: Final = 4  # to one address in a day
_NUMBER: Final = "1000000001"  # stands for the number in what is composed once


def queue(message: Message, address: str) -> bool:
    """Queue the answer to the first mail of a conversation, or to one in which something was
    blotted out, in its transaction. The caller has seen to it that no machine wrote it.
    """
    if not message.masked and ask(Desk, "acknowledge") is False:
        return False
    what = "masked" if message.masked else "acknowledge"
    try:
        throttle(f"conversations.{what}", address, limit=MOST, seconds=A_DAY)
    except ThrottleDenied:
        return False
    made = Outgoing(
        message_id=message.pk,
        organisation_id=message.organisation_id,
        header_id=f"<{identities.token(message.pk)}@{desks.domain()}>",
        automatic=True,
        due_at=clock.now(),
    )
    insert([made])
    return True


def words(name: str, number: int, masked: Sequence[str] = ()) -> tuple[str, str]:
    """Subject and text. They repeat nothing of what came: it may have come under a false name.
    `masked` are the kinds of what was blotted out.
    """
    subject, text = _composed(name, tuple(masked))
    return subject.replace(_NUMBER, str(number)), text.replace(_NUMBER, str(number))


@lru_cache(maxsize=64)
def _composed(name: str, masked: tuple[str, ...]) -> tuple[str, str]:
    told = [WORDS[kind] for kind in masked if kind in WORDS]
    context = {"name": name, "number": _NUMBER, "masked": told}
    composed = compose("conversations/mail/acknowledged.md", context)
    return composed.subject, as_text(composed.body)
