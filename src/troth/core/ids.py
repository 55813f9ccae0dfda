"""Identifiers. Row ids are UUIDv7 (RFC 9562 §5.7): made before the insert, in index order."""

from __future__ import annotations

import secrets
import uuid

from uuid_utils import uuid7 as _fast
from uuid_utils.compat import uuid7 as _uuid7


def row_id() -> uuid.UUID:
    """A new row id. It holds the time of its making, so it is never shown to strangers."""
    return _uuid7()


def row_hex() -> str:
    """A new row id as 32 hex digits, for rows that are written by their values and not kept."""
    return _fast().hex


def opaque_ref() -> str:
    """128 random bits in hex: a reference that says nothing about whom or when."""
    return secrets.token_hex(16)
