"""Signed messages (Data Rights Protocol 1.0, section 3.07): the signature, the JSON behind it, and
all of it in Base64.

The six things that are looked at, in the order the protocol asks for: that it is Base64; that the
signature is the agent's; that `agent-id` is that agent; that `business-id` is this company; that it
was issued before now; that it has not expired. Then that it was not taken before.
"""

from __future__ import annotations

import json
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import IntegrityError, transaction

from troth.channels.agents.models import Agent, Seen
from troth.core import clock
from troth.core.errors import Denied

SIGNATURE: Final = 64
LARGEST: Final = 64 * 1024
VERSIONS: Final = frozenset({"1.0", "0.9.4", "0.9.3", "0.9.2", "0.9.1", "0.9"})
"""Versions of the protocol with the same messages; 1.0 changed nothing but the number."""


class EnvelopeDenied(Denied):
    """A message that does not pass. `step` is which of the things it fails at; the answer to the
    caller says no more than the protocol asks for.
    """

    def __init__(self, step: str, what: str) -> None:
        super().__init__(what, why="A signed message has to be as the protocol says.")
        self.step = step


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message whose signature holds, and its claims."""

    raw: bytes
    claims: Mapping[str, Any]

    def text(self, name: str, longest: int = 500) -> str:
        """A claim that is a text; "" where it is not there. Raises `EnvelopeDenied`."""
        found = self.claims.get(name, "")
        if not isinstance(found, str) or len(found) > longest:
            raise EnvelopeDenied("claims", f"`{name}` is no text, or too long.")
        return found


def opened(body: bytes, verify_key: str) -> Envelope:
    """Steps one and two: decode, and check the signature. Raises `EnvelopeDenied`."""
    if len(body) > LARGEST:
        raise EnvelopeDenied("decode", "The message is too long.")
    try:
        raw = b64decode(body.strip(), validate=True)
    except (Base64Error, ValueError):
        raise EnvelopeDenied("decode", "The message is not Base64.") from None
    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(verify_key, validate=True))
        key.verify(raw[:SIGNATURE], raw[SIGNATURE:])
    except (InvalidSignature, ValueError):
        raise EnvelopeDenied("signature", "The signature is not the agent's.") from None
    try:
        claims = json.loads(raw[SIGNATURE:].decode("utf-8"))
    except (ValueError, RecursionError):
        raise EnvelopeDenied("claims", "What is signed is no JSON in UTF-8.") from None
    if not isinstance(claims, dict):
        raise EnvelopeDenied("claims", "What is signed is no JSON object.")
    return Envelope(raw, claims)


def checked(envelope: Envelope, *, agent: Agent, business: str) -> Envelope:
    """Steps three to six, and that it is new. Raises `EnvelopeDenied`."""
    now = clock.now()
    if envelope.claims.get("agent-id") != agent.key:
        raise EnvelopeDenied("agent", "`agent-id` is not the agent that signed.")
    if envelope.claims.get("business-id") != business:
        raise EnvelopeDenied("business", "`business-id` is not this company.")
    if moment(envelope, "issued-at") > now:
        raise EnvelopeDenied("issued", "It was issued in the future.")
    expires = moment(envelope, "expires-at")
    if expires <= now:
        raise EnvelopeDenied("expired", "It has expired.")
    _once(envelope.raw, expires)
    return envelope


def moment(envelope: Envelope, name: str) -> datetime:
    """A claim that is a moment (ISO 8601); one without an offset is UTC. Raises
    `EnvelopeDenied`.
    """
    try:
        found = datetime.fromisoformat(envelope.text(name, 40))
    except ValueError:
        step = "issued" if name == "issued-at" else "expired"
        raise EnvelopeDenied(step, f"`{name}` is no ISO 8601 timestamp.") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _once(raw: bytes, until: datetime) -> None:
    """Note the message; its digest, so that nothing of it stays. Raises `EnvelopeDenied`."""
    try:
        with transaction.atomic():
            Seen.objects.create(digest=sha256(raw).digest(), until=until)
    except IntegrityError:
        raise EnvelopeDenied("replay", "This message was taken before.") from None


def forget_past() -> int:
    """Remove digests of messages that are too old to be taken again. Returns how many."""
    return Seen.objects.filter(until__lte=clock.now()).delete()[0]
