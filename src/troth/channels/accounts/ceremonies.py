"""WebAuthn's two ceremonies, as the site holds them: its name, its challenges, its checks.

A challenge stands in the session of the browser that asked for it, for one ceremony of one user,
counts for five minutes, and is gone with the first answer, right or wrong. Attestation is not asked
for: which maker's key somebody uses is nobody's business.
"""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from django.contrib.sessions.backends.base import SessionBase
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from troth.core.errors import Invalid
from troth.kit import links

ADDING: Final = "adding"
ALONE: Final = "alone"
BESIDE: Final = "beside"
"""A passkey added; one that logs in by itself; one beside the password."""

WAITS: Final = 5 * 60
LONGEST: Final = 20_000
_CHALLENGE: Final = "accounts.challenge"


class PasskeyInvalid(Invalid):
    """What the browser sent is no answer to our challenge by a passkey we know."""

    def __init__(self) -> None:
        super().__init__(
            "This passkey was not accepted.",
            why="It is not known here, its answer came late or twice, or it is for another site.",
            do="Try once more, or use another way to log in.",
        )


@dataclass(frozen=True, slots=True)
class Place:
    """The site as browsers tell it apart; `name` is what a passkey is made for (the RP ID)."""

    origin: str
    name: str


def place() -> Place | None:
    """Where passkeys work: at the organisation's own address, if it is a name and no number.

    A site on this machine alone is known by the name of localhost.
    """
    parts = urlsplit(links.absolute(""))
    host = (parts.hostname or "").lower()
    try:
        number = ip_address(host)
    except ValueError:
        pass
    else:
        if not number.is_loopback:
            return None
        host = "localhost"
    port = f":{parts.port}" if parts.port else ""
    return Place(f"{parts.scheme}://{host}{port}", host)


def begin_adding(
    session: SessionBase, *, user: bytes, company: str, known: Sequence[AttestedCredentialData]
) -> dict[str, Any]:
    """What the browser needs to make a passkey. `user` is opaque: it stands on the device."""
    options, state = _server(company).register_begin(
        PublicKeyCredentialUserEntity(id=user, name=company, display_name=company),
        credentials=known,
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    _keep(session, ADDING, user, state)
    return dict(options)


def finish_adding(session: SessionBase, *, user: bytes, sent: str) -> AuthenticatorData:
    """The new passkey. Raises `PasskeyInvalid`."""
    state = _take(session, ADDING, user)
    try:
        return _server().register_complete(state, _read(sent))
    except _WRONG:
        raise PasskeyInvalid from None


def begin_asking(
    session: SessionBase, *, user: bytes = b"", known: Sequence[AttestedCredentialData] = ()
) -> dict[str, Any]:
    """What the browser needs to ask for a passkey: one of `known`, or, where no user is named, any
    that the device itself opens only for its owner.
    """
    options, state = _server().authenticate_begin(
        known or None,
        user_verification=(
            UserVerificationRequirement.PREFERRED if user else UserVerificationRequirement.REQUIRED
        ),
    )
    _keep(session, BESIDE if user else ALONE, user, state)
    return dict(options)


def owner_of(sent: str) -> bytes:
    """Whose passkey the answer claims to be, as `begin_adding` named them. Proves nothing yet."""
    try:
        return AuthenticationResponse.from_dict(_read(sent)).response.user_handle or b""
    except _WRONG:
        raise PasskeyInvalid from None


def finish_asking(
    session: SessionBase,
    *,
    sent: str,
    known: Callable[[], Sequence[AttestedCredentialData]],
    user: bytes = b"",
) -> tuple[AttestedCredentialData, int]:
    """Which of `known` has answered, and where its counter stands. Raises `PasskeyInvalid`.

    `known` is asked only for an answer to the challenge that was given out here: nobody has
    somebody's passkeys opened by naming them.
    """
    state = _take(session, BESIDE if user else ALONE, user)
    try:
        answer = AuthenticationResponse.from_dict(_read(sent))
        if answer.response.client_data.challenge != websafe_decode(state["challenge"]):
            raise PasskeyInvalid
        found = _server().authenticate_complete(state, known(), answer)
    except _WRONG:
        raise PasskeyInvalid from None
    return found, answer.response.authenticator_data.counter


_WRONG: Final = (
    *(ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError),
    *(struct.error, RecursionError, NotImplementedError, UnsupportedAlgorithm),
)
"""What the library raises for answers that are false, cut short or no answers at all."""


def _read(sent: str) -> dict[str, Any]:
    read = json.loads(sent) if len(sent) <= LONGEST else None
    if not isinstance(read, dict):
        raise PasskeyInvalid
    return read


def _keep(session: SessionBase, kind: str, user: bytes, state: Any) -> None:
    session[_CHALLENGE] = {
        "kind": kind,
        "user": user.hex(),
        "at": int(time.time()),
        "challenge": state["challenge"],
        "user_verification": str(UserVerificationRequirement(state["user_verification"]).value),
    }


def _take(session: SessionBase, kind: str, user: bytes) -> dict[str, Any]:
    """The challenge that was given out, which is gone from then on."""
    state = session.pop(_CHALLENGE, None) or {}
    fits = (state.get("kind"), state.get("user")) == (kind, user.hex())
    if not fits or time.time() - state["at"] > WAITS:
        raise PasskeyInvalid
    return state


def _server(company: str = "") -> Fido2Server:
    here = place()
    if here is None:
        raise PasskeyInvalid
    return Fido2Server(
        PublicKeyCredentialRpEntity(name=company or here.name, id=here.name),
        verify_origin=lambda origin: origin == here.origin,
    )
