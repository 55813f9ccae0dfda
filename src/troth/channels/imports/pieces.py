"""The sealed pieces of an upload: the file as it came, then its rows, a batch in each."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from typing import Final

from troth.channels.imports.files import Row
from troth.channels.imports.models import Import, Piece
from troth.core.inserting import insert

BATCH: Final = 100
"""Rows of one piece, which come in together or not at all."""

FILE_PIECE: Final = 512 * 1024


def keep_file(run: Import, content: bytes) -> None:
    """Seal the file as it came. Callers have the run's deposit open."""
    starts = range(0, len(content), FILE_PIECE)
    for number, start in enumerate(starts):
        part = b64encode(content[start : start + FILE_PIECE]).decode()
        insert([_piece(run, Piece.Kind.FILE, number, part)])


def file(run: Import) -> bytes:
    """The file again."""
    parts = Piece.objects.filter(run=run, kind=Piece.Kind.FILE).order_by("number")
    return b"".join(b64decode(part.content) for part in parts.iterator(chunk_size=8))


def keep_rows(run: Import, first: int, batches: Sequence[Sequence[Row]]) -> None:
    """Seal batches of rows, numbered from `first`."""
    insert(
        [
            _piece(run, Piece.Kind.ROWS, number, json.dumps(rows, separators=(",", ":")))
            for number, rows in enumerate(batches, first)
        ]
    )


def rows(run: Import, number: int) -> list[Row]:
    """The rows of one piece."""
    piece = Piece.objects.get(run=run, kind=Piece.Kind.ROWS, number=number)
    return [(line, cells) for line, cells in json.loads(piece.content)]


def all_rows(run: Import) -> Iterator[Row]:
    """All rows, in order."""
    parts = Piece.objects.filter(run=run, kind=Piece.Kind.ROWS).order_by("number")
    for piece in parts.iterator(chunk_size=20):
        yield from ((line, cells) for line, cells in json.loads(piece.content))


def _piece(run: Import, kind: Piece.Kind, number: int, content: str) -> Piece:
    return Piece(
        organisation_id=run.organisation_id,
        run_id=run.pk,
        kind=kind,
        number=number,
        content=content,
    )
