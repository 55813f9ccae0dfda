"""A sealed value: cipher text that does not show what it holds, in any way.

Format, version 1: ``01 | key id (16) | nonce (12) | AES-256-GCM cipher text and tag``. The
associated data binds it to organisation, model, field and row, so that a value moved to another
row, field or organisation no longer opens.
"""

from __future__ import annotations

import os
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from troth.core.errors import Invalid
from troth.core.keyring.opening import NoOpenUseDenied

VERSION: Final = b"\x01"
DOTS: Final = "••••••"
_KEY, _NONCE = slice(1, 17), slice(17, 29)


class SealInvalid(Invalid):
    """The cipher text was changed, or moved from where it was sealed."""

    status = 500


class Sealed:
    """What a sealed field holds outside an open use. Printing it is refused, not dotted out:
    a page or an export that meets one by mistake must fail rather than look finished.
    """

    __slots__ = ("category", "index", "raw")

    def __init__(self, raw: bytes, category: str = "", index: bytes | None = None) -> None:
        self.raw, self.category, self.index = raw, category, index

    @property
    def key_id(self) -> bytes:
        """The 16 bytes of the id of the key it is sealed with."""
        return self.raw[_KEY]

    def __bytes__(self) -> bytes:
        return self.raw

    def __repr__(self) -> str:
        return f"<sealed {self.category or 'value'}>"

    def __str__(self) -> str:
        raise NoOpenUseDenied(
            f"A sealed value ({self.category or 'of some category'}) was about to be shown.",
            why="It is shown only under a purpose the policy permits.",
            do="Read it inside an open use, or show `{% sealed %}` in its place.",
        )

    def __format__(self, _spec: str) -> str:
        return str(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other.raw == self.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    def __bool__(self) -> bool:
        return True

    def __reduce__(self) -> Any:
        return (Sealed, (self.raw, self.category))

    def __deepcopy__(self, _memo: Any) -> Sealed:
        return self


def seal(text: bytes, *, key_id: bytes, cipher: AESGCM, binding: bytes) -> bytes:
    nonce = os.urandom(12)
    return VERSION + key_id + nonce + cipher.encrypt(nonce, text, binding + key_id)


def unseal(raw: bytes, *, cipher: AESGCM, binding: bytes) -> bytes:
    """The clear bytes. Raises `SealInvalid` when they were changed or moved."""
    try:
        return cipher.decrypt(raw[_NONCE], raw[29:], binding + raw[_KEY])
    except InvalidTag:
        raise SealInvalid(
            "A sealed value does not open.",
            why="It was changed, or it does not belong to this row and field.",
            do="Restore the row from a backup, and find out who could write to the database.",
        ) from None
