"""Passwords of connections: sealed, or taken from where the operator put them.

The key is derived (HKDF-SHA256) from the organisation's secret in the keyring, so the main database
alone holds no password, and a rotation of the master key takes it along. A sealed password is bound
to its row: it does not open in another's.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from troth.core.connect.models import Connection
from troth.core.errors import Invalid
from troth.core.keyring.store import signing_key
from troth.core.rights.sources import SourceMissing

_INFO: Final = b"troth.connect.v1"
NONCE: Final = 12


class SecretInvalid(Invalid):
    """A password is to come from a place that is not named as `env:NAME` or `file:PATH`."""


def seal(row: UUID, organisation: UUID, password: str) -> bytes:
    """The password as the row holds it."""
    nonce = os.urandom(NONCE)
    return nonce + _cipher(organisation).encrypt(nonce, password.encode(), row.bytes)


def password(row: Connection) -> str:
    """The password, "" if the connection has none. Raises `SourceMissing`."""
    if row.secret_from:
        return elsewhere(row.label, row.secret_from)
    if row.secret is None:
        return ""
    return reveal(row.label, row.pk, row.organisation_id, row.secret)


def reveal(label: str, row: UUID, organisation: UUID, secret: bytes | memoryview) -> str:
    """What was sealed for a row. Raises `SourceMissing`."""
    sealed = bytes(secret)
    try:
        opened = _cipher(organisation).decrypt(sealed[:NONCE], sealed[NONCE:], row.bytes)
    except InvalidTag:
        raise SourceMissing(
            f"{label}: the source cannot be reached.",
            why="Its password does not open: the keyring is not the one it was sealed with.",
            do="Enter the connection again.",
        ) from None
    return opened.decode()


def checked(place: str) -> str:
    """The place a password comes from. Raises `SecretInvalid`."""
    kind, _, name = place.partition(":")
    if place and (kind not in ("env", "file") or not name):
        raise SecretInvalid(
            "That is no place for a password.", do="Give `env:NAME` or `file:/path`."
        )
    return place


def _cipher(organisation: UUID) -> AESGCM:
    secret = signing_key(organisation).private_bytes_raw()
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=_INFO).derive(secret))


def elsewhere(label: str, place: str) -> str:
    """The password at `env:NAME` or `file:PATH`. Raises `SourceMissing`."""
    kind, _, name = place.partition(":")
    found: str | None
    if kind == "env":
        found = os.environ.get(name)
    else:
        try:
            found = Path(name).read_text("utf-8").rstrip("\n")
        except (OSError, UnicodeError):
            found = None
    if found is None:
        raise SourceMissing(
            f"{label}: the source cannot be reached.",
            why=f"Its password is to come from {kind} {name}, where there is none.",
            do="Put it there, for the worker too.",
        )
    return found
