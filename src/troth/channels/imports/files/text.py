"""CSV as programs write it: which letters, which separator, then RFC 4180."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from io import StringIO
from itertools import islice
from typing import Final

from troth.channels.imports.files.faults import FileInvalid
from troth.channels.imports.files.limits import CELL

SEPARATORS: Final = {",": "comma", ";": "semicolon", "\t": "tab"}
LOOK: Final = 64 * 1024
_HALF_EMPTY: Final = 0.3


def read(content: bytes) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """How it was read, and its rows. Raises `FileInvalid`."""
    encoding, text = _decoded(content)
    separator = _separator(text)
    return f"CSV, {encoding}, {SEPARATORS[separator]}", _rows(text, separator)


def _decoded(content: bytes) -> tuple[str, str]:
    """By its mark if it has one; else UTF-8 if it is that; else what Windows has always written."""
    candidates = ["utf-8", "cp1252"]
    if content.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    elif content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif (order := _wide(content)) is not None:
        candidates = [order]
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return {"cp1252": "Windows-1252"}.get(encoding, encoding.upper()[:6].rstrip("-")), text
    raise FileInvalid("encoding")


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of Latin letters is empty."""
    start = content[:LOOK]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = start[offset::2]
        if half and half.count(0) > _HALF_EMPTY * len(half) and not start[1 - offset :: 2].count(0):
            return encoding
    return None


def _separator(text: str) -> str:
    """The one that the header has most of, outside quotation marks."""
    counts, quoted = dict.fromkeys(SEPARATORS, 0), False
    for character in islice(text.lstrip(), LOOK):
        if character == '"':
            quoted = not quoted
        elif not quoted and character in "\r\n":
            break
        elif not quoted and character in counts:
            counts[character] += 1
    return max(counts, key=lambda separator: counts[separator])


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    # Strict, since a quotation mark in the wrong place would swallow the rows after it.
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            too_long = "field larger" in str(error)
            raise FileInvalid("cell" if too_long else "quote", line) from None
        if any(len(cell) > CELL for cell in cells):
            raise FileInvalid("cell", line)
        yield line, [cell.strip() for cell in cells]
