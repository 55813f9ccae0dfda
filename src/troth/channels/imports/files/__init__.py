"""Lists as files: CSV and XLSX into rows of text, whatever is in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from troth.channels.imports.files import text, workbook
from troth.channels.imports.files.faults import FileInvalid
from troth.channels.imports.files.limits import COLUMNS, ROWS

__all__ = ["FileInvalid", "Row", "Sheet", "read"]

Row = tuple[int, list[str]]
"""The line it begins on, from 1, and its cells."""

ZIP: Final = b"PK\x03\x04"
OLD: Final = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Sheet:
    """A list as it is read: what kind of file, its header, and its rows as they are asked for."""

    kind: str
    head: list[str]
    rows: Iterator[Row]


def read(content: bytes) -> Sheet:
    """The list in a file. Raises `FileInvalid`, also while the rows are gone through."""
    if content.startswith(OLD):
        raise FileInvalid("old")
    kind, found = workbook.read(content) if content.startswith(ZIP) else text.read(content)
    rows = _filled(found)
    line, head = next(rows, (0, []))
    if not head:
        raise FileInvalid("empty")
    if len(head) > COLUMNS:
        raise FileInvalid("columns", line)
    return Sheet(kind, head, _counted(rows, len(head)))


def _filled(rows: Iterator[Row]) -> Iterator[Row]:
    """Rows that have anything in them, without the empty cells at their ends."""
    for line, cells in rows:
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield line, cells


def _counted(rows: Iterator[Row], width: int) -> Iterator[Row]:
    empty = True
    for number, (line, cells) in enumerate(rows, 1):
        if number > ROWS:
            raise FileInvalid("rows", line)
        empty = False
        yield line, cells[: width + 1]  # one more shows that there were too many
    if empty:
        raise FileInvalid("header")
