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
# What is written as a code: all but the printable, the sign itself, a space that would be folded
# into another or lost at the end of its line, and what a line may not begin with.
_coded = re.compile(rb"[^ -<>-~]|(?<= ) |^ | $|^\.|^F(?=rom)").sub
_BREAKS: Final = frozenset(b" .F")


def encoded(text: str) -> bytes:
    """A piece of text between two others: it ends in a soft break unless it ends its line."""
    if not text:
        return b""
    if "\n" not in text and "\r" not in text:
        return _line(text) + SOFT
    *whole, last = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    made = b"".join(_line(line) + b"\r\n" for line in whole)
    return made + _line(last) + SOFT if last else made


def _line(text: str) -> bytes:
    code = _coded(_code, text.encode("utf-8", "replace"))
    if len(code) <= _WIDTH:
        return code
    made, start, width = [], 0, _WIDTH
    while len(code) - start > width:
        end = start + width
        if (sign := code.rfind(b"=", end - 2, end)) >= 0:
            end = sign  # a code stays in one piece
        made += [code[start:end], SOFT]
        start, width = end, _WIDTH
        if code[start] in _BREAKS:
            made.append(b"=%02X" % code[start])
            start, width = start + 1, _WIDTH - 3
    made.append(code[start:])
    return b"".join(made)


def _code(match: re.Match[bytes]) -> bytes:
    return b"=%02X" % match[0][0]
