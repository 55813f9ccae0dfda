"""What conversations refuse, in words for people."""

from __future__ import annotations

from collections.abc import Sequence

from troth.channels.conversations.models import Event
from troth.core.errors import Denied, Invalid, Missing
from troth.core.gate.denials import UseDenied


class StaleDenied(Denied):
    """Somebody else changed the conversation meanwhile; nothing of this change was made.

    `since` tells what happened, oldest first; `revision` is the one it has now.
    """

    status = 409

    def __init__(self, since: Sequence[Event], revision: int) -> None:
        self.since, self.revision = list(since), revision
        told = "; ".join(f"{_label(event.actor)}: {event.did}" for event in since) or "a change"
        super().__init__(
            "Somebody else changed this conversation meanwhile.",
            why=f"Since your page was made: {told}.",
            do="Look at how it stands now, and decide again.",
        )


class ConversationMissing(Missing):
    """There is no such conversation, or the secret is not its own. Which, nobody is told."""


class ConversationClosedDenied(Denied):
    """The conversation is over: nothing is added to it."""

    status = 409


class PreChatInvalid(Invalid):
    """The pre-chat form is asked for and was not filled in, or the policy has none."""


class NotYoursDenied(Denied):
    """Bodies open for whoever has the conversation, or has a grant."""


class ReadingDenied(UseDenied, NotYoursDenied):
    """Somebody tried to read what is not open to them. It is on the ledger."""


def _label(actor: str) -> str:
    kind, _, ref = actor.partition(":")
    return f"member {ref[:8]}" if kind == "staff" else kind
