"""Frames from one live process to another: closed on the way, since signals hold addresses."""

from __future__ import annotations

import base64
import hmac
import zlib
from hashlib import sha256
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

SALT: Final = b"troth.remote.bus"
LONGEST: Final = 7_000  # characters; with what is around it, it fits into one message of the bus
SECONDS: Final = 30
LARGEST: Final = 64 * 1024


def closed(frame: str) -> str | None:
    """The frame for the bus; None where it is longer than any browser's."""
    box = _fernet().encrypt(zlib.compress(frame.encode(), 9)).decode()
    return box if len(box) <= LONGEST else None


def opened(box: str) -> str | None:
    """The frame that is in it; None where it is nobody's here, or old."""
    try:
        packed = _fernet().decrypt(box.encode(), ttl=SECONDS)
        return zlib.decompressobj().decompress(packed, LARGEST).decode()
    except (InvalidToken, zlib.error, ValueError):
        return None


def _fernet() -> Fernet:
    key = hmac.digest(settings.SECRET_KEY.encode(), SALT, sha256)
    return Fernet(base64.urlsafe_b64encode(key))
