"""Headers of mail as they come: encoded words, addresses, identities, dates. Nothing here raises
for what a mail holds.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from datetime import UTC, datetime
from email.header import Header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from quopri import decodestring
from typing import Any, Final

from troth.kit.inbound.charsets import decoded, shown

LONGEST: Final = 8_000  # characters of a header that are looked at
FIELDS: Final = 1_000
_WORD: Final = re.compile(
    r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\s]*)\?=(\s+(?==\?[^?\s]+\?[bBqQ]\?))?"
)
_IDENTITY: Final = re.compile(r"<([^<>\s]{3,400})>")
_ADDRESS: Final = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@<>,;:\"()\[\]\\]{1,255}")


def raw(message: Message, name: str) -> str:
    """A header as it stands, unfolded; the first of its name."""
    value: Any = message.get(name)
    return "" if value is None else _unfolded(value)


def every(message: Message, name: str) -> list[str]:
    """All headers of this name, topmost first."""
    found: list[Any] = message.get_all(name) or []
    return [_unfolded(one) for one in found[:50]]


def _unfolded(value: Any) -> str:
    text = _bytes_as_text(value) if isinstance(value, Header) else str(value)
    # One pass: a pattern with space on both sides of a break takes the square of a long run's time.
    return " ".join(text[:LONGEST].split())


def words(text: str) -> str:
    """Encoded words (RFC 2047) as what they say, on one line, fit to be shown."""
    return shown(_WORD.sub(_word, _repaired(text)), lines=False)


def _word(match: re.Match[str]) -> str:
    charset, way, code = match[1], match[2].lower(), match[3]
    raw_code = code.encode("utf-8", "replace")
    try:
        if way == "b":
            found = b64decode(raw_code + b"=" * (-len(raw_code) % 4))
        else:
            found = decodestring(raw_code, header=True)
    except (binascii.Error, ValueError):
        return match[0]
    return decoded(found, charset)


def addresses(text: str) -> list[tuple[str, str]]:
    """Names and addresses in a header. What cannot be read as a list is searched for addresses."""
    try:
        found = [(words(name), _tidy(address)) for name, address in getaddresses([_repaired(text)])]
    except (ValueError, IndexError, TypeError, RecursionError):
        found = []
    found = [(name, address) for name, address in found if _ADDRESS.fullmatch(address)]
    return found or [("", _tidy(one)) for one in _ADDRESS.findall(_repaired(text))[:50]]


def identities(text: str) -> tuple[str, ...]:
    """Message-IDs in a header, without their brackets, each once, as they stand there."""
    return tuple(dict.fromkeys(_IDENTITY.findall(text)))


def moment(text: str) -> datetime | None:
    """A date in UTC, or None for what is none or lies in no sensible time."""
    try:
        found = parsedate_to_datetime(text)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if 1980 <= found.year < 2200 else None  # noqa: PLR2004 - mail and its end


def _tidy(address: str) -> str:
    local, _, domain = shown(address, lines=False).strip().rpartition("@")
    return f"{local}@{domain.lower()}"


def _repaired(text: str) -> str:
    """Text in which bytes beyond ASCII, which the parser keeps as surrogates, are letters."""
    if text.isascii():
        return text
    return decoded(text.encode("utf-8", "surrogateescape"), None) if _escaped(text) else text


def _escaped(text: str) -> bool:
    return any("\udc80" <= one <= "\udcff" for one in text)


def _bytes_as_text(header: Header) -> str:
    """The parser makes a `Header` of unknown bytes of what is not ASCII; its bytes are in it."""
    pieces = [part for part, _ in header._chunks]  # type: ignore[attr-defined]  # noqa: SLF001 - str() would lose them
    return "".join(str(piece) for piece in pieces)
