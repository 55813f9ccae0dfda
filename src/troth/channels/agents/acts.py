from __future__ import annotations

from typing import Final

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

_AGENT: Final = {"agent": kinds.reference}

ENTERED = register(
    "agents.entered", sentence="{actor} let an agent ask on behalf of people", detail=_AGENT
).name
CHANGED = register(
    "agents.changed", sentence="{actor} changed what is known of an agent", detail=_AGENT
).name
ENDED = register("agents.ended", sentence="{actor} shut an agent out", detail=_AGENT).name
KEYED = register(
    "agents.keyed", sentence="An agent was given a token to call with", detail=_AGENT
).name
CALLED_AGAIN = register(
    "agents.called_again",
    sentence="{actor} had an agent called again that did not answer",
    detail=_AGENT | {"request": kinds.reference},
).name
EXERCISED = register(
    "agents.exercised",
    sentence="An agent sent us a request for you: {exercise}",
    detail=_AGENT | {"exercise": kinds.key, "request": kinds.reference},
).name
REVOKED = register(
    "agents.revoked",
    sentence="An agent took back the request it had sent us for you",
    detail=_AGENT | {"request": kinds.reference},
).name
