"""The tree as the database holds it: leaves in `Entry`, every eighth level in `Node`.

Call these in the scope of the organisation.
"""

from __future__ import annotations

from collections.abc import Iterable

from troth.core.errors import Invalid
from troth.core.ledger.models import Entry, Node
from troth.core.ledger.tree import Frontier, perfect_root

STRIDE = 8


class LedgerInvalid(Invalid):
    """The stored ledger contradicts itself or its checkpoints."""

    status = 500


def size() -> int:
    """How many entries there are. Raises `LedgerInvalid` where a position is no number."""
    last: object = Entry.objects.order_by("-position").values_list("position", flat=True).first()
    if last is not None and not isinstance(last, int):  # SQLite takes any type in any column
        raise LedgerInvalid(
            "An entry's position is not a number.",
            why="A row of ledger_entry was changed outside the software.",
            do="Restore the ledger from a backup.",
        )
    return 0 if last is None else last + 1


def perfect(level: int, index: int) -> bytes:
    """The root of a perfect subtree (see `proofs.Perfect`) in one query of at most 128 rows."""
    base = level - level % STRIDE
    width = 1 << level - base
    hashes: Iterable[bytes | memoryview]
    first = index * width
    if base:
        hashes = (
            Node.objects.filter(level=base, index__gte=first, index__lt=first + width)
            .order_by("index")
            .values_list("hash", flat=True)
        )
    else:
        hashes = (
            Entry.objects.filter(position__gte=first, position__lt=first + width)
            .order_by("position")
            .values_list("leaf", flat=True)
        )
    row = [bytes(found) for found in hashes]
    if len(row) != width:
        raise LedgerInvalid(
            "A part of the ledger's tree is missing.",
            why=f"{len(row)} of {width} hashes are there, from {first} on at level {base}.",
            do="Run `troth ledger verify` to see what is wrong.",
        )
    return perfect_root(row)


def frontier() -> Frontier:
    """The right edge of the tree as it stands."""
    total = size()
    levels = [level for level in range(total.bit_length()) if total >> level & 1]
    return Frontier(total, {level: perfect(level, (total >> level) - 1) for level in levels})
