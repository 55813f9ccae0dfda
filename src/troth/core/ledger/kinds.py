"""The kinds of value an entry may hold. Each takes a value and returns it as the ledger writes it.

They are narrow on purpose: no free text passes, so that no name, address or message can reach
the ledger by mistake. None of their messages repeats the value it refuses.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

from troth.core.errors import Invalid

Kind = Callable[[object], str | int]

LARGEST_INTEGER = 2**53 - 1  # RFC 8785 section 3.2.2.3: what every JSON reader keeps exact


class ValueInvalid(Invalid):
    """A value does not belong on the ledger. The message does not hold it."""


_is_reference = re.compile(r"[0-9a-f]{32}").fullmatch


def _refused(name: str) -> ValueInvalid:
    return ValueInvalid(
        f"A value given to the ledger is not a {name}.",
        why="The ledger holds no personal value, so it takes only keys and references.",
        do="Pass the reference or the policy's key, never what a person wrote.",
    )


def _matching(pattern: str, name: str) -> Kind:
    fits = re.compile(pattern, re.ASCII).fullmatch

    @lru_cache(maxsize=1024)  # the same few keys come a million times; what is refused is not kept
    def fitting(value: str) -> str:
        if not fits(value):
            raise _refused(name)
        return value

    def kind(value: object) -> str:
        if not isinstance(value, str):
            raise _refused(name)
        return fitting(value)

    return kind


key = _matching(r"[a-z][a-z0-9_.-]{0,63}", "key")
category = _matching(r"(user|system)(\.[a-z_]{1,40}){0,6}", "data category")
clause = _matching(r"[0-9A-Za-z][0-9A-Za-z._()-]{0,31}", "clause number")
version = _matching(r"[0-9A-Za-z][0-9A-Za-z._-]{0,31}", "policy version")
digest = _matching(r"[0-9a-f]{64}", "SHA-256 digest in lower-case hex")


def reference(value: object) -> str:
    """An opaque reference: 128 bits as 32 hex digits; a `UUID` is taken too."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, str) and _is_reference(value):
        return value
    raise _refused("reference (128 bits in lower-case hex)")


def integer(value: object) -> int:
    """A whole number JSON keeps exact."""
    if type(value) is not int or abs(value) > LARGEST_INTEGER:
        raise ValueInvalid("A value given to the ledger is not a whole number below 2^53.")
    return value


def date(value: object) -> str:
    """A calendar date as YYYY-MM-DD."""
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date):
        raise ValueInvalid("A value given to the ledger is not a calendar date.")
    return value.isoformat()


def one_of(*constants: str) -> Kind:
    """One of a few constants named when the act is registered."""
    allowed = frozenset(str(key(constant)) for constant in constants)

    def kind(value: object) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueInvalid(
                "A value given to the ledger is none of those registered.",
                why=f"Registered are: {', '.join(sorted(allowed))}.",
            )
        return value

    return kind
