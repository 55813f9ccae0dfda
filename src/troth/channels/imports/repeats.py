"""Finding the same address twice in one list, before the list is gone through."""

from __future__ import annotations

from hashlib import blake2b
from uuid import UUID

from django.db import transaction

from troth.channels.imports import pieces, turns
from troth.channels.imports.asking import WORKER
from troth.channels.imports.columns import TOUCHPOINT, fields, touchpoint
from troth.channels.imports.models import Import, Problem
from troth.core import clock
from troth.core.gate.deposits import deposit
from troth.core.inserting import insert
from troth.core.people.records import IDENTIFYING
from troth.core.sealing.blind import normalise


def find_repeats(run: Import, turn: UUID) -> None:
    """Note each row whose address stands further up. Nothing of it but the lines is kept."""
    found = touchpoint()
    keyed = {one.key: one for one in fields(found)} if found else {}
    columns = [
        (keyed[key].category, at)
        for key, at in run.columns.items()
        if key in keyed and keyed[key].category in IDENTIFYING
    ]
    with deposit(row=run.pk, actor=WORKER, touchpoint=TOUCHPOINT):
        lines = _repeated(run, columns)
    with transaction.atomic():
        held = turns.locked(run.pk, turn)
        insert(
            [
                Problem(organisation_id=run.organisation_id, run_id=run.pk, line=line,
                        reason="repeat")
                for line in lines
            ]
        )  # fmt: skip
        held.begun, held.moved_at = True, clock.now()
        held.save(update_fields=["begun", "moved_at"])


def _repeated(run: Import, columns: list[tuple[str, int]]) -> list[int]:
    seen: set[bytes] = set()
    lines = []
    for line, cells in pieces.all_rows(run):
        mine = {
            blake2b(
                f"{category}\0{normalise(category, cells[at])}".encode(), digest_size=16
            ).digest()
            for category, at in columns
            if at < len(cells) and cells[at]
        }
        if mine & seen:
            lines.append(line)
        seen |= mine
    return lines
