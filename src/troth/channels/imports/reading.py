"""Reading the file into sealed batches of rows. Begun again from the start if it breaks off."""

from __future__ import annotations

from itertools import islice
from typing import Final
from uuid import UUID

from django.db import transaction

from troth.channels.imports import files, pieces, turns
from troth.channels.imports.asking import WORKER
from troth.channels.imports.columns import TOUCHPOINT, guess, touchpoint
from troth.channels.imports.models import Import, Piece
from troth.core import clock
from troth.core.gate.deposits import deposit

AT_ONCE: Final = 10
"""Pieces of one transaction."""


def read_file(run: Import, turn: UUID) -> None:
    """Take the file apart, guess its columns, and forget the file. Raises `FileInvalid`."""
    with transaction.atomic():
        turns.locked(run.pk, turn)
        Piece.objects.filter(run=run, kind=Piece.Kind.ROWS).delete()
    with deposit(row=run.pk, actor=WORKER, touchpoint=TOUCHPOINT):
        sheet = files.read(pieces.file(run))
    number = count = 0
    while some := list(islice(sheet.rows, AT_ONCE * pieces.BATCH)):
        batches = [some[at : at + pieces.BATCH] for at in range(0, len(some), pieces.BATCH)]
        # The lock and the deposit again for each: the key may have gone with a cancelled run.
        with transaction.atomic():
            held = turns.locked(run.pk, turn)
            with deposit(row=run.pk, actor=WORKER, touchpoint=TOUCHPOINT):
                pieces.keep_rows(run, number, batches)
            held.moved_at = clock.now()
            held.save(update_fields=["moved_at"])
        number += len(batches)
        count += len(some)
    _keep(run, turn, sheet, number, count)


def _keep(run: Import, turn: UUID, sheet: files.Sheet, number: int, count: int) -> None:
    found = touchpoint()
    with transaction.atomic():
        held = turns.locked(run.pk, turn)
        Piece.objects.filter(run=run, kind=Piece.Kind.FILE).delete()
        held.kind, held.pieces, held.rows = sheet.kind, number, count
        held.columns = guess(sheet.head, found) if found else {}
        held.state, held.moved_at = Import.State.MAPPING, clock.now()
        with deposit(row=run.pk, actor=WORKER, touchpoint=TOUCHPOINT):
            held.head = sheet.head
            held.save()
