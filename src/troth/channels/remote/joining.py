"""The customer enters the code: from then on their page holds a secret, and the code is nothing."""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import Final

from troth.channels.remote import acts, codes
from troth.channels.remote.clauses import place
from troth.channels.remote.models import Session
from troth.channels.remote.recording import customer, note, tell
from troth.core import clock
from troth.core.actions import action
from troth.core.changing import renew
from troth.core.errors import Invalid, Missing

TO_READ: Final = timedelta(minutes=15)
"""For reading what is going to happen, after the code."""
NOBODY: Final = bytes(32)


class CodeInvalid(Invalid):
    """No session waits for this code."""


class SessionMissing(Missing):
    """There is no such session here, or this browser has none of it."""


@action
def join(typed: str) -> tuple[Session, str]:
    """Take the code, once. Returns the session and the secret of the customer's page.

    Whether a code is wrong, used or too old is not told, and takes the same time.
    """
    place()
    given = codes.digest(codes.typed(typed))
    found: Session | None = None
    waiting = Session.objects.filter(state=Session.State.OFFERED, lapses_at__gt=clock.now())
    for one in waiting:  # all of them, whichever fits
        if hmac.compare_digest(bytes(one.code_digest or NOBODY), given):
            found = one
    if found is not None:
        renew(found, held=True)
    if found is None or found.state != Session.State.OFFERED or not codes.typed(typed):
        raise CodeInvalid(
            "This code does not work.",
            why="It is mistyped, was used already, or is older than ten minutes.",
            do="Check it, or ask the agent for a new one.",
        )
    secret, found.secret_digest = codes.secret()
    found.state, found.code_digest = Session.State.JOINED, None
    found.joined_at = now = clock.now()
    found.lapses_at = now + TO_READ
    found.save(update_fields=["secret_digest", "state", "code_digest", "joined_at", "lapses_at"])
    note(acts.JOINED, found, customer(found))
    tell(found)
    return found, secret


def held_by(ref: str, secret: str) -> Session:
    """The session of a customer's page. Raises `SessionMissing`; not whether it was the reference
    or the secret.
    """
    found = Session.objects.select_related("person", "agent__role").filter(ref=ref).first()
    kept = found.secret_digest if found else None
    if not codes.same(kept, secret) or found is None or kept is None:
        raise SessionMissing(
            "There is no such session.",
            why="Its address is wrong, or it was deleted.",
            do="Ask the agent for a new code.",
        )
    return found
