"""Somebody who is erased is taken out of the lists that wait to come in."""

from __future__ import annotations

import json

from troth.channels.imports.columns import TOUCHPOINT
from troth.channels.imports.models import Import, Piece
from troth.core.actors import Actor
from troth.core.gate.deposits import deposit
from troth.core.gate.purging import addresses
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.core.people.records import IDENTIFYING
from troth.core.sealing.blind import normalise


def leave_out(person: Person) -> None:
    """Take the rows with an identifier of theirs out of lists that were read and wait.

    A file that is still being read turns into rows in moments; a row of somebody erased is refused
    then, and the key of the upload goes with it at the end.
    """
    if TOUCHPOINT not in current().rules.touchpoints:
        return
    theirs = {text for _, text in addresses(person)}
    worker = Actor.system("worker")
    for run in Import.objects.exclude(state__in=Import.ENDED):
        with deposit(row=run.pk, actor=worker, touchpoint=TOUCHPOINT):
            for piece in Piece.objects.filter(run=run, kind=Piece.Kind.ROWS).iterator(20):
                _leave_out(piece, theirs)


def _leave_out(piece: Piece, theirs: set[str]) -> None:
    known = {normalise(category, text) for category in IDENTIFYING for text in theirs}
    rows = json.loads(piece.content)
    left = [
        (line, cells)
        for line, cells in rows
        if not any(normalise(one, cell) in known for cell in cells for one in IDENTIFYING)
    ]
    if len(left) < len(rows):
        piece.content = json.dumps(left, separators=(",", ":"))
        piece.save(update_fields=["content"])
