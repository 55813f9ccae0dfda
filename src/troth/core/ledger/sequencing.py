"""Giving entries their place: the one writer of the tree.

Acts queue in `Pending`, each in its own transaction. The sequencer takes what is committed, in
batches, and in one transaction appends entries, completes nodes, signs a checkpoint and empties the
queue. Killed at any moment, it leaves the ledger as it was before the batch or after it.
"""

from __future__ import annotations

from uuid import UUID

from django.db import connection, transaction

from troth.core.keyring.store import signing_key
from troth.core.ledger import notes, rows, stored
from troth.core.ledger.bodies import ColumnReader, timestamp
from troth.core.ledger.models import Checkpoint, Pending
from troth.core.ledger.recording import Owner, owner_id, owner_ref
from troth.core.ledger.stored import LedgerInvalid
from troth.core.ledger.tree import Frontier, Row, leaf_hashes
from troth.core.organisations.scope import everywhere, scope

BATCH = 4096
_LOCK = 0x1ED6E4  # one sequencer at a time on this database


def origin(organisation: UUID) -> str:
    """The name of the organisation's ledger, first line of its checkpoints."""
    return f"troth/{owner_ref(organisation)}"


def verifier(organisation: UUID) -> notes.Verifier:
    """The public key of the organisation's ledger; `str()` gives the vkey to hand out."""
    return notes.Verifier.of(origin(organisation), signing_key(organisation))


def sequence(organisation: Owner | None = None) -> int:
    """Append everything that waits, of one organisation or of all. Returns how many.

    Safe to call from several processes: they take turns. Raises `LedgerInvalid` when the stored
    tree is not the one that was signed last; then nothing is appended to it. Whatever keeps one
    organisation's ledger from going on, those of the others do, and it is raised at the end.
    """
    failure: Exception | None = None
    done = 0
    for owner in _waiting() if organisation is None else [owner_id(organisation)]:
        try:
            while appended := _append(owner):
                done += appended
                if appended < BATCH:
                    break
        except Exception as error:  # noqa: BLE001 - raised below, after the others had their turn
            failure = failure or error
    if failure:
        raise failure
    return done


def checkpoint(organisation: Owner) -> Checkpoint:
    """The newest checkpoint, after everything that waited is appended. Signs the empty tree too."""
    owner = owner_id(organisation)
    sequence(owner)
    with scope(owner), transaction.atomic():
        newest = Checkpoint.objects.order_by("-size").first()
        if newest is None:
            _take_turn()
            newest = Checkpoint.objects.order_by("-size").first() or _sign(owner, Frontier())
    return newest


def _waiting() -> list[UUID]:
    with everywhere("the sequencer serves all organisations"):
        return list(Pending.objects.values_list("organisation_id", flat=True).distinct())


def _take_turn() -> None:
    """SQLite has one writer anyway, from the start of its IMMEDIATE transaction."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _append(owner: UUID) -> int:
    with scope(owner), transaction.atomic():
        _take_turn()
        waiting = _batch(owner)
        if not waiting:
            return 0
        bodies = [body for _, body in waiting]
        columns = ColumnReader(owner_ref(owner)).read(bodies)
        if [entry for _, _, entry, _ in columns] != [entry for entry, _ in waiting]:
            raise LedgerInvalid(
                "An act in the queue is not what was recorded; nothing was appended.",
                why="A row of ledger_pending was changed outside the software.",
                do="Compare ledger_pending with a backup, then run `troth ledger verify`.",
            )
        tree = stored.frontier()
        _check_signed(owner, tree)
        first, leaves = tree.size, leaf_hashes(bodies)
        entries = [
            (*column, owner.hex, position, body, leaf)
            for position, (column, body, leaf) in enumerate(
                zip(columns, bodies, leaves, strict=True), start=first
            )
        ]
        rows.insert(connection, "ledger_entry", rows.ENTRY, entries)
        _keep_nodes(owner, tree.extend(leaves))
        _sign(owner, tree)
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM ledger_pending WHERE organisation_id = %s AND id IN "
                "(SELECT id FROM ledger_entry WHERE organisation_id = %s AND position >= %s)",
                [owner.hex, owner.hex, first],
            )
    return len(entries)


def _batch(owner: UUID) -> list[tuple[str, bytes]]:
    """What waits longest: ids and bodies. Row ids sort by the time of their making."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {rows.hex_id(connection)}, body FROM ledger_pending "  # noqa: S608 - ours
            "WHERE organisation_id = %s ORDER BY ledger_pending.id LIMIT %s",
            [owner.hex, BATCH],
        )
        return [(entry, bytes(body)) for entry, body in cursor.fetchall()]


def _check_signed(owner: UUID, tree: Frontier) -> None:
    """Never sign on top of a tree that is not the one signed last."""
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None and tree.size == 0:
        return
    try:
        signed = notes.read(newest.note, verifier(owner)) if newest else None
    except notes.NoteInvalid:
        signed = None
    if signed is None or (signed.size, signed.root) != (tree.size, tree.root()):
        raise LedgerInvalid(
            "The stored ledger is not the one that was signed last; nothing was appended.",
            why="Its rows or its checkpoints were changed outside the software.",
            do="Run `troth ledger verify`, and restore from a backup; what waits is kept.",
        )


def _keep_nodes(owner: UUID, completed: list[Row]) -> None:
    found = [
        (owner.hex, row.level, index, node)
        for row in completed
        if row.level % stored.STRIDE == 0
        for index, node in enumerate(row.hashes, start=row.first)
    ]
    if found:
        rows.insert(connection, "ledger_node", rows.NODE, found)


def _sign(owner: UUID, tree: Frontier) -> Checkpoint:
    root = tree.root()
    note = notes.sign(notes.TreeHead(origin(owner), tree.size, root), signing_key(owner))
    found = Checkpoint(organisation_id=owner, size=tree.size, root=root, note=note, at=timestamp())
    found.save(force_insert=True)
    return found
