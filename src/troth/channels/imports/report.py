"""The problems of a list as a CSV file that a spreadsheet opens without running anything in it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Final

from django.http import StreamingHttpResponse

HEAD: Final = ("Line", "Column", "Reason")
_ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def download(name: str, rows: Iterable[tuple[int, str, str]]) -> StreamingHttpResponse:
    """A CSV file (RFC 4180) to keep under `name`. It holds lines, columns and reasons."""
    answer = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _lines(rows: Iterable[tuple[int, str, str]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(HEAD)  # the mark has spreadsheets read UTF-8 as UTF-8
    for line, column, reason in rows:
        yield writer.writerow((line, _safe(column), _safe(reason)))


def _safe(text: str) -> str:
    """Text that stays text: a cell that begins so is a formula to a spreadsheet."""
    return f"'{text}" if text.lstrip(" ").startswith(_ACTIVE) else text
