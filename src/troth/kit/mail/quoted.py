"""Quoted-printable (RFC 2045 section 6.7), written so that it needs no further care on its way.

What comes out is already in the relaxed canonical form of DKIM (RFC 6376 section 3.4.4: no space
at a line's end, none twice), and no line of it begins with a dot (RFC 5321 section 4.5.2) or with
``From ``. Pieces end in a soft line break, so that they can be joined as they are.
"""

from __future__ import annotations

import re
from typing import Final

SOFT: Final = b"=\r\n"
_WIDTH: Final = 75
_SAFE: Final = frozenset(range(32, 127)) - {0x3D}
_CODES: Final = tuple(bytes([byte]) if byte in _SAFE else b"=%02X" % byte for byte in range(256))
_plain = re.compile(r"(?!From)[!-\-/-<>-~](?:[!-<>-~]| (?! )){0,60}(?<! )").fullmatch


def encoded(text: str) -> bytes:
    """A piece of text between two others: it ends in a soft break unless it ends its line."""
    if not text:
        return b""
    *whole, last = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [_line(line) + b"\r\n" for line in whole]
    if last:
        lines.append(_line(last) + SOFT)
    return b"".join(lines)


def value(text: str) -> bytes:
    """As `encoded`, fast for the short values that most are."""
    if _plain(text):
        return text.encode() + SOFT
    return encoded(text)


def _line(text: str) -> bytes:
    made: list[bytes] = []
    width, start = 0, 0
    before = b" "  # what stood before on this line; a space first would be folded away
    units = [_CODES[byte] for byte in text.encode("utf-8", "replace")]
    for at, unit in enumerate(units):
        code = unit
        at_start = len(made) == start
        if code == b" " and (before == b" " or at == len(units) - 1):
            code = b"=20"
        elif at_start and (code == b"." or (code == b"F" and units[at : at + 4] == _FROM)):
            code = b"=%02X" % code[0]
        if width + len(code) > _WIDTH:
            made.append(SOFT)
            width, start = 0, len(made)
            if unit in (b" ", b".", b"F"):
                code = b"=%02X" % unit[0]
        made.append(code)
        width += len(code)
        before = code
    return b"".join(made)


_FROM: Final = [b"F", b"r", b"o", b"m"]
