from __future__ import annotations

from troth.channels.remote.models import Session
from troth.core.ledger import kinds
from troth.core.ledger.acts import register

_SESSION = {"session": kinds.reference}

ASKED = register(
    "remote.asked",
    sentence="{actor} asked to be shown your screen, because of {ground}",
    detail=_SESSION | {"ground": kinds.key},
).name
JOINED = register(
    "remote.joined", sentence="The code of a remote session was entered", detail=_SESSION
).name
ACCEPTED = register(
    "remote.accepted",
    sentence="You were advised to secure your files before a remote session, and accepted",
    detail=_SESSION | {"advice": kinds.version},
).name
GRANTED = register(
    "remote.granted",
    sentence="You let an agent see your screen, for {minutes} minutes at most",
    detail=_SESSION | {"minutes": kinds.integer},
).name
POINTER = register(
    "remote.pointer", sentence="You let the agent point at things on your screen", detail=_SESSION
).name
NO_POINTER = register(
    "remote.no_pointer",
    sentence="The agent may no longer point at things on your screen",
    detail=_SESSION,
).name
REVOKED = register("remote.revoked", sentence="You ended a remote session", detail=_SESSION).name
ENDED = register(
    "remote.ended",
    sentence="A remote session ended",
    detail=_SESSION | {"by": kinds.one_of(*Session.Ending.values)},
).name
NOTED = register(
    "remote.noted",
    sentence="{actor} noted what was done in a remote session",
    detail=_SESSION,
).name
