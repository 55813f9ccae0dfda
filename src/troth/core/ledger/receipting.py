"""Making the receipt of an entry."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from troth.core.errors import Missing
from troth.core.ledger import notes, proofs, receipts, rolls, stored
from troth.core.ledger.canonical import Opening
from troth.core.ledger.models import Checkpoint, Entry, Pending
from troth.core.ledger.sequencing import sequence, verifier
from troth.core.organisations.scope import everywhere, scope


class EntryMissing(Missing):
    """There is no entry with that id."""


def receipt(
    entry_id: UUID, opening: Opening | None = None, *, subjects: Sequence[str] = ()
) -> dict[str, Any]:
    """The receipt of an entry as a JSON object; an act that still waits is appended first.

    Where the entry is a bulk act's, the receipt also shows that it was about one of `subjects`.

    Raises `EntryMissing`, and `ReceiptInvalid` or `LedgerInvalid` rather than hand out a receipt
    that would not hold.
    """
    owner = _owner(entry_id)
    with scope(owner):
        if Pending.objects.filter(pk=entry_id).exists():
            sequence(owner)
        entry = Entry.objects.get(pk=entry_id)
        newest = Checkpoint.objects.order_by("-size").first()
        if newest is None:
            raise stored.LedgerInvalid("The ledger has entries but no checkpoint.")
        key = verifier(owner)
        found = receipts.build(
            entry=json.loads(bytes(entry.body)),
            position=entry.position,
            inclusion=proofs.inclusion_proof(
                entry.position, notes.read(newest.note, key).size, stored.perfect
            ),
            checkpoint=newest.note,
            opening=opening or rolls.membership(entry_id, subjects),
        )
    receipts.check(found, key)
    return found


def _owner(entry_id: UUID) -> UUID:
    with everywhere("an entry's id says whose it is"):
        for model in (Pending, Entry, Entry):  # it may move from one to the other in between
            if row := model.objects.filter(pk=entry_id).only("organisation_id").first():
                owner: UUID = row.organisation_id
                return owner
    raise EntryMissing(
        "There is no entry with this id.",
        why="It is not on this installation's ledger.",
        do="Check the id; it stands on the person's timeline.",
    )
