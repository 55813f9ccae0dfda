"""Codes that are read out over a telephone, and what the software keeps of them."""

from __future__ import annotations

import hmac
import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Final

from django.conf import settings

DIGITS: Final = 9
LIFE: Final = timedelta(minutes=10)
SALT: Final = b"troth.remote.code"


def new() -> str:
    """Nine random digits."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def spoken(code: str) -> str:
    """As it is shown: three groups of three."""
    return " ".join(code[start : start + 3] for start in range(0, DIGITS, 3))


def typed(text: str) -> str:
    """The digits of what somebody typed; empty if they are no code."""
    found = "".join(one for one in text if one.isascii() and one.isdigit())
    return found if len(found) == DIGITS else ""


def digest(code: str) -> bytes:
    """What is stored. It is keyed: nine digits are soon tried out by whoever has only the table."""
    key = hmac.digest(settings.SECRET_KEY.encode(), SALT, sha256)
    return hmac.digest(key, code.encode(), sha256)


def secret() -> tuple[str, bytes]:
    """What a customer's page holds from then on, and its digest."""
    made = secrets.token_urlsafe(32)
    return made, sha256(made.encode()).digest()


def same(kept: bytes | memoryview | None, text: str) -> bool:
    """Whether `text` is the secret of this digest, in the same time whichever it is."""
    return hmac.compare_digest(bytes(kept or bytes(32)), sha256(text.encode()).digest())
