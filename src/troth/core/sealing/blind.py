"""Blind indexes: finding an exact value without keeping it readable."""

from __future__ import annotations

import hmac
import unicodedata
from hashlib import sha256

from troth.core.keyring.opening import Opening
from troth.core.keyring.store import index_key


def normalise(category: str, text: str) -> str:
    """One spelling for equal values: NFKC, trimmed, case-folded; phone numbers as digits."""
    text = unicodedata.normalize("NFKC", text).strip().casefold()
    if category.startswith("user.contact.phone_number"):
        sign = "+" if text.startswith("+") else ""
        return sign + "".join(filter(str.isdigit, text))
    return text


def blind_index(opening: Opening, category: str, text: str) -> bytes:
    """HMAC-SHA256 (RFC 2104) under the organisation's index key, separate for each category."""
    message = category.encode() + b"\0" + normalise(category, text).encode()
    return hmac.digest(index_key(opening), message, sha256)


def mark(opening: Opening, category: str, text: str) -> bytes:
    """A digest that recognises a value again and is none of its blind indexes: who holds both
    tables cannot join them.
    """
    message = b"mark\0" + category.encode() + b"\0" + normalise(category, text).encode()
    return hmac.digest(index_key(opening), message, sha256)
