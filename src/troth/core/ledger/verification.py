"""Verifying a ledger: every entry, node and checkpoint against the tree they should make.

Reads in windows, so memory stays the same for any size, and a ledger may grow meanwhile. Each leaf
is hashed from its body. Where that differs from the stored hash it is told, and the stored one goes
on into the tree: one changed row is one finding and not an avalanche.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from troth.core.ledger import guards, notes, rows, stored
from troth.core.ledger.bodies import ColumnReader, timestamp
from troth.core.ledger.models import Checkpoint, Node, Pending
from troth.core.ledger.recording import Owner, owner_id, owner_ref
from troth.core.ledger.sequencing import verifier
from troth.core.ledger.tree import Frontier, leaf_hashes
from troth.core.organisations.scope import scope

WINDOW = 2048  # what fits a processor's cache; larger is slower
MOST_PROBLEMS = 200
PATIENCE = timedelta(minutes=1)

ProblemKind = Literal[
    "changed",  # a body is not what its leaf hash says
    "column",  # a column repeats its body wrongly
    "missing",  # no row at a position
    "node",  # a stored node is not the root of the leaves below
    "root",  # the entries are not those a checkpoint signs: changed, swapped or removed
    "forged",  # a checkpoint's signature does not hold, or its row contradicts its note
    "truncated",  # a checkpoint signs more entries than there are
    "unsigned",  # entries after the last checkpoint
    "waiting",  # recorded long ago and still without a place
    "unguarded",  # the triggers are gone
]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `position` is where it is, or the size of the checkpoint it is about."""

    kind: ProblemKind
    position: int | None
    message: str


@dataclass(slots=True)
class Verification:
    """The outcome. `found` counts all findings, `problems` holds the first 200 of them."""

    organisation: UUID
    size: int = 0
    root: str = ""
    found: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.found

    def add(self, kind: ProblemKind, position: int | None, message: str) -> None:
        self.found += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(kind, position, message))


def verify(organisation: Owner, checkpoint: str | None = None) -> Verification:
    """Verify one organisation's ledger, also against a checkpoint kept elsewhere if given."""
    owner = owner_id(organisation)
    with scope(owner):
        walk = _Walk(owner, checkpoint)
        walk.entries()
        walk.leftovers()
    return walk.outcome


class _Walk:
    """One pass over the entries from left to right."""

    def __init__(self, owner: UUID, given: str | None) -> None:
        self.owner = owner
        self.outcome = Verification(owner)
        self.key = verifier(owner)
        self.columns = ColumnReader(owner_ref(owner))
        self.tree = Frontier()
        self.signed = -1  # size of the largest checkpoint whose root was right
        self.broken = False
        self.given: list[notes.TreeHead] = []
        if given is not None:
            try:
                self.given.append(notes.read(given, self.key))
            except notes.NoteInvalid as error:
                self.outcome.add("forged", None, f"The checkpoint given: {error}")

    def entries(self) -> None:
        """Walk all entries, checking every checkpoint as its size is reached."""
        while window := self._window():
            start = self.tree.size
            leaves = self._leaves(window)
            if leaves is None:
                break
            done = 0
            for head in self._heads(start, start + len(leaves)):
                self._grow(leaves[done : head.size - start])
                done = head.size - start
                self._compare(head)
            self._grow(leaves[done:])
        self.outcome.size, self.outcome.root = self.tree.size, self.tree.root().hex()

    def leftovers(self) -> None:
        """What the walk could not meet: checkpoints beyond the end, an unsigned end, the queue."""
        size = self.tree.size
        if size == 0:
            for head in self._heads(-1, 0):
                self._compare(head)
        newest = -1
        for head in self._heads(size, None):
            if head.size > stored.size():
                self.outcome.add(
                    "truncated",
                    head.size,
                    f"A checkpoint signs {head.size} entries, but only {size} are there.",
                )
                return
            newest = head.size
        last = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first()
        if size and (last is None or max(last, newest) < size):
            self.outcome.add(
                "unsigned", size, f"No checkpoint signs the entries from {last or 0} to {size - 1}."
            )
        limit = timestamp(datetime.now(UTC) - PATIENCE)
        if late := Pending.objects.filter(at__lt=limit).count():
            self.outcome.add("waiting", None, f"{late} acts wait for more than a minute.")
        level = stored.STRIDE
        if beyond := [
            found
            for found in range(level, 64, level)
            if Node.objects.filter(level=found, index__gte=stored.size() >> found).exists()
        ]:
            self.outcome.add(
                "node", None, f"There are nodes beyond the tree, at level {beyond[0]}."
            )
        self._guards()

    def _guards(self) -> None:
        expected = sum("TRIGGER" in one for one in guards.statements(connection.vendor))
        if len(guards.standing(connection)) < expected:
            self.outcome.add(
                "unguarded", None, "Triggers that refuse changes are missing from the database."
            )

    def _window(self) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT position, body, leaf, act, at, {rows.hex_id(connection)}, subject "  # noqa: S608 - ours
                "FROM ledger_entry WHERE organisation_id = %s AND position >= %s "
                "ORDER BY position LIMIT %s",
                [self.owner.hex, self.tree.size, WINDOW],
            )
            return [
                (position, _bytes(body), _bytes(leaf), *columns)
                for position, body, leaf, *columns in cursor.fetchall()
                if type(position) is int  # `stored.size` tells of others
            ]

    def _leaves(self, window: list[Any]) -> list[bytes] | None:
        """The stored leaf hashes of a window, once compared; None where it cannot go on."""
        positions, bodies, leaves, *columns = zip(*window, strict=True)
        start = self.tree.size
        if positions != tuple(range(start, start + len(window))):
            return self._with_gaps(window)
        hashes = list(leaves)
        # Compared column by column: no object is made for each row.
        if (
            leaf_hashes(bodies) != hashes
            or list(zip(*self.columns.read(bodies), strict=True)) != columns
        ):
            for row in window:
                self._one(row)
        return hashes

    def _with_gaps(self, window: list[Any]) -> list[bytes] | None:
        found: list[bytes] = []
        for row in window:
            expected = self.tree.size + len(found)
            if row[0] != expected:
                gap = row[0] - expected
                self.outcome.add(
                    "missing", expected, f"No entry at position {expected} ({gap} in a row)."
                )
                if not 0 < gap <= WINDOW:
                    return None
                found += [bytes(32)] * gap  # keeps those after it at their own place
            self._one(row)
            found.append(row[2])
        return found

    def _one(self, row: Any) -> None:
        """Say what is wrong with one row."""
        position, body, leaf, *columns = row
        if leaf_hashes([body]) != [leaf]:
            self.outcome.add(
                "changed", position, f"The entry at {position} is not what its hash says."
            )
        elif self.columns.read([body]) != [tuple(columns)]:
            self.outcome.add(
                "column", position, f"A column of the entry at {position} differs from its body."
            )

    def _grow(self, leaves: list[bytes]) -> None:
        for row in self.tree.extend(leaves):
            if row.level % stored.STRIDE:
                continue
            found = Node.objects.filter(
                level=row.level, index__gte=row.first, index__lt=row.first + len(row.hashes)
            ).values_list("index", "hash")
            nodes = {index: _bytes(node) for index, node in found}
            for index, node in enumerate(row.hashes, start=row.first):
                if nodes.get(index) != node:
                    first, end = index << row.level, (index + 1) << row.level
                    self.outcome.add(
                        "node",
                        first,
                        f"The node over the entries {first} to {end - 1} is not their root.",
                    )

    def _heads(self, after: int, upto: int | None) -> Iterator[notes.TreeHead]:
        """The checkpoints with `after` < size <= `upto` that are properly signed, by size."""
        wanted = Checkpoint.objects.filter(size__gt=after).order_by("size")
        if upto is not None:
            wanted = wanted.filter(size__lte=upto)
        heads = [
            head for head in self.given if head.size > after and (upto is None or head.size <= upto)
        ]
        for size, root, note in wanted.values_list("size", "root", "note").iterator():
            try:
                head = notes.read(note, self.key)
            except notes.NoteInvalid as error:
                self.outcome.add("forged", size, f"The checkpoint of {size} entries: {error}.")
                continue
            if (head.size, head.root) != (size, _bytes(root)):
                self.outcome.add("forged", size, f"The checkpoint of {size} contradicts its note.")
            heads.append(head)
        return iter(sorted(heads, key=lambda head: head.size))

    def _compare(self, head: notes.TreeHead) -> None:
        if head.root == self.tree.root():
            self.signed, self.broken = head.size, False
        elif not self.broken:
            self.broken = True
            self.outcome.add(
                "root",
                head.size,
                f"The entries {max(self.signed, 0)} to {head.size - 1} are not those a checkpoint "
                "signs: some were changed, swapped or removed.",
            )


def _bytes(value: Any) -> bytes:
    """What a column of bytes holds; nothing where it is of another type, as SQLite lets it be."""
    return bytes(value) if isinstance(value, bytes | memoryview) else b""


def as_json(outcome: Verification) -> dict[str, Any]:
    """The outcome for a program."""
    return {
        "holds": outcome.holds,
        "size": outcome.size,
        "root": outcome.root,
        "found": outcome.found,
        "problems": [
            {"kind": one.kind, "position": one.position, "message": one.message}
            for one in outcome.problems
        ],
    }
