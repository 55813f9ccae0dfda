"""Bytes that claim a charset, as text: whatever they claim and hold, this gives readable words."""

from __future__ import annotations

import codecs
import re
import unicodedata
from functools import lru_cache
from typing import Final

# What mailers write, and what they mean by it (the WHATWG's Encoding Standard, section 4.2).
_MEANT: Final = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
    "utf8": "utf-8",
    "utf-8mb4": "utf-8",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
}
# Those that decode bytes to text; zip, hex and the like turn up in hostile mail.
_TEXT: Final = re.compile(
    r"(utf|iso|cp|windows|koi8|gb|big5|euc|shift|mac|latin|tis|ascii|hz|johab|ptcp|kz)", re.ASCII
)
_KEPT: Final = frozenset("\n\t")
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def decoded(raw: bytes, charset: str | None) -> str:
    """Text of `raw`, with � where it makes none. Never raises."""
    for name in (_codec(charset or ""), "utf-8"):
        if name is None:
            continue
        try:
            return raw.decode(name)
        except (UnicodeError, ValueError):
            continue
    named = _codec(charset or "")
    if named in (None, "cp1252", "utf-8"):
        # Bytes that are no UTF-8 come from an older machine, most often a Western one.
        return raw.decode("cp1252", "replace")
    return raw.decode(named, "replace")


@lru_cache(maxsize=256)
def _codec(charset: str) -> str | None:
    name = charset.strip().strip("\"'").lower().partition("*")[0]
    name = _MEANT.get(name, name)
    if not _TEXT.match(name):
        return None
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError):
        return None


def shown(text: str, *, lines: bool = True) -> str:
    """The text without what cannot be shown or hides what is there: control characters, halves of
    surrogate pairs, marks that turn text around. One line only, unless `lines`.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not lines:
        text = " ".join(text.split())
    if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(one for one in text if one in _KEPT or _fine(one))


def _fine(character: str) -> bool:
    if character in _TURNING:
        return False
    return unicodedata.category(character) not in ("Cc", "Cs", "Cn")
