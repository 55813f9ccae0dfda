"""XLSX (ECMA-376): the first sheet, as values. Nothing in it is run, linked files stay closed."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from troth.channels.imports.files.faults import FileInvalid
from troth.channels.imports.files.limits import CELL, COLUMNS, MEMBERS, PART, UNPACKED, WORDS

_START: Final = 4096
_ODDLY_PACKED = (BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError)


def read(content: bytes) -> tuple[str, Iterator[tuple[int, list[str]]]]:
    """How it was read, and its rows. Raises `FileInvalid`."""
    _look_through(content)
    return "XLSX", _rows(content)


def _look_through(content: bytes) -> None:
    """Refuse what is larger inside than out, before any of it is unpacked.

    Sizes are those that the archive states; its reader takes no more than it states.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            fault = _fault(archive)
    except _ODDLY_PACKED:
        raise FileInvalid("zip") from None
    if fault:
        raise FileInvalid(fault)


def _fault(archive: ZipFile) -> str:
    members = archive.infolist()
    unpacked = sum(one.file_size for one in members)
    if len(members) > MEMBERS or unpacked > UNPACKED:
        return "bomb"
    if any(one.file_size > _most(one.filename) for one in members):
        return "bomb"
    for one in members:
        if one.filename.endswith((".xml", ".rels")):
            with archive.open(one) as part:
                # A workbook declares no entities; who does wants them to multiply.
                if b"<!" in part.read(_START).replace(b"\0", b""):
                    return "xml"
    return ""


def _most(part: str) -> int:
    """Bytes that a part of the archive may have; pictures and the like are not looked at."""
    if part.endswith("Strings.xml"):
        return WORDS
    if part.startswith("xl/worksheets/sheet") or not part.endswith((".xml", ".rels")):
        return UNPACKED
    return PART


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    import openpyxl  # type: ignore[import-untyped]  # noqa: PLC0415 - many MB, rarely needed

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that say nothing of the list
        try:
            book = openpyxl.load_workbook(
                BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            sheets = [one for one in book.worksheets if one.sheet_state == "visible"]
        except Exception:  # noqa: BLE001 - whatever it is, this is no workbook
            raise FileInvalid("zip") from None
    if not sheets:
        raise FileInvalid("empty")
    sheet = sheets[0]
    sheet.reset_dimensions()  # what the file says of its extent need not be so
    for line, values in _guarded(sheet.iter_rows(max_col=_width(sheet) + 1, values_only=True)):
        cells = [_text(value) for value in values]
        if any(len(cell) > CELL for cell in cells):
            raise FileInvalid("cell", line)
        yield line, cells
    book.close()


def _width(sheet: Any) -> int:
    """Columns of the header, which is the first row that is not empty."""
    for _, values in _guarded(sheet.iter_rows(max_col=COLUMNS + 1, values_only=True)):
        return max(at for at, value in enumerate(values, 1) if value is not None)
    return 0


def _guarded(found: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows that are not empty, with their numbers; a sheet that breaks off is refused there."""
    line = 0
    while True:
        line += 1
        try:
            values = next(found)
        except StopIteration:
            return
        except Exception:  # noqa: BLE001 - whatever is wrong inside, it is no list
            raise FileInvalid("zip", line) from None
        if values.count(None) < len(values):
            yield line, values


def _text(value: Any) -> str:
    """A cell as a person would write it. A formula is what it last came to."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a telephone number is no fraction
    return str(value).strip()
