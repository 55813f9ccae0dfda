"""What an attacker who owns the database can do, and that verification finds each of it.

Every attack goes around the software and its triggers, straight into the file or the server.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from hypothesis import HealthCheck, given, settings, strategies as st

from ledger.places import Ledger
from troth.core.ledger import api, bodies, guards, notes, sequencing, tree, verification
from troth.core.ledger.models import Checkpoint, Entry
from troth.core.organisations.scope import scope

SIZE = 700


@pytest.fixture
def full(ledger: Ledger) -> Ledger:
    """A ledger of several batches, over two complete nodes."""
    ledger.grow(5, 300, SIZE - 305)
    assert ledger.problems() == set()
    return ledger


def body_at(ledger: Ledger, position: int) -> bytes:
    with scope(ledger.organisation):
        return bytes(Entry.objects.get(position=position).body)


def only(ledger: Ledger) -> verification.Problem:
    found = api.verify(ledger.organisation)
    assert found.found == 1, found.problems
    return found.problems[0]


@pytest.mark.parametrize("position", [0, 4, 255, 256, 511, 699])
def test_a_changed_body_is_found_where_it_is(full: Ledger, position: int) -> None:
    body = body_at(full, position).replace(b"support", b"selling")
    assert full.attack(
        "UPDATE ledger_entry SET body = :body WHERE organisation_id = :org AND position = :at",
        body=body,
        at=position,
    )
    problem = only(full)
    assert (problem.kind, problem.position) == ("changed", position)


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        ("UPDATE ledger_entry SET body = 'x' WHERE position = 4", {"changed"}),
        ("UPDATE ledger_entry SET leaf = 'x' WHERE position = 4", {"changed", "node", "root"}),
        ("UPDATE ledger_node SET hash = 'x' WHERE \"index\" = 1", {"node"}),
        ("UPDATE ledger_checkpoint SET root = 'x' WHERE size = 5", {"forged"}),
    ],
)
def test_text_where_bytes_belong_is_found(full: Ledger, change: str, kinds: set[str]) -> None:
    full.attack(f"{change} AND organisation_id = :org")  # SQLite takes any type in any column
    assert full.problems() == kinds


def test_a_position_that_is_no_number_is_told(full: Ledger) -> None:
    if full.place.server is not None:  # PostgreSQL keeps to the column's type
        return
    full.attack("UPDATE ledger_entry SET position = 'x' WHERE position = 4")
    with pytest.raises(api.LedgerInvalid, match="not a number"):
        api.verify(full.organisation)


@pytest.mark.parametrize("position", [0, 256, 699])
def test_a_body_changed_together_with_its_hash_is_found(full: Ledger, position: int) -> None:
    body = body_at(full, position).replace(b"support", b"selling")
    full.attack(
        "UPDATE ledger_entry SET body = :body, leaf = :leaf "
        "WHERE organisation_id = :org AND position = :at",
        body=body,
        leaf=tree.leaf_hash(body),
        at=position,
    )
    assert "root" in full.problems()


@pytest.mark.parametrize("column", ["act", "at", "subject", "id"])
def test_a_changed_column_is_found(full: Ledger, column: str) -> None:
    full.attack(
        f"UPDATE ledger_entry SET {column} = :value WHERE organisation_id = :org AND position = 7",
        value="f" * 32 if column in ("subject", "id") else "x",
    )
    problem = only(full)
    assert (problem.kind, problem.position) == ("column", 7)


@pytest.mark.parametrize("position", [0, 5, 300, 698])
def test_a_removed_row_is_found_where_it_was(full: Ledger, position: int) -> None:
    full.attack(
        "DELETE FROM ledger_entry WHERE organisation_id = :org AND position = :at", at=position
    )
    found = api.verify(full.organisation)
    assert ("missing", position) in [(one.kind, one.position) for one in found.problems]


def test_a_row_removed_with_the_rest_moved_up_is_found(full: Ledger) -> None:
    full.attack("DELETE FROM ledger_entry WHERE organisation_id = :org AND position = 350")
    for offset in (1_000_000, -1_000_001):
        full.attack(
            "UPDATE ledger_entry SET position = position + :by "
            "WHERE organisation_id = :org AND position > 350",
            by=offset,
        )
    assert {"node", "truncated"} <= full.problems()


@pytest.mark.parametrize(("one", "other"), [(0, 1), (3, 600), (698, 699)])
def test_a_swapped_pair_is_found(full: Ledger, one: int, other: int) -> None:
    for old, new in ((one, -1), (other, one), (-1, other)):
        full.attack(
            "UPDATE ledger_entry SET position = :new "
            "WHERE organisation_id = :org AND position = :old",
            new=new,
            old=old,
        )
    assert "root" in full.problems()


def test_a_truncated_tail_is_found_by_the_stored_checkpoint(full: Ledger) -> None:
    full.attack("DELETE FROM ledger_entry WHERE organisation_id = :org AND position >= 690")
    problem = only(full)
    assert (problem.kind, problem.position) == ("truncated", SIZE)


def test_a_tail_cut_off_with_its_checkpoints_is_found_by_one_kept_elsewhere(full: Ledger) -> None:
    kept = api.checkpoint(full.organisation).note
    full.attack("DELETE FROM ledger_entry WHERE organisation_id = :org AND position >= 305")
    full.attack("DELETE FROM ledger_checkpoint WHERE organisation_id = :org AND size > 305")
    full.attack(
        'DELETE FROM ledger_node WHERE organisation_id = :org AND "index" >= 1 AND level = 8'
    )
    assert full.problems() == set()  # the ledger alone cannot tell
    assert full.problems(kept) == {"truncated"}
    full.grow(SIZE)
    assert full.problems() == set()
    assert full.problems(kept) == {"root"}


def test_entries_without_a_checkpoint_are_found(full: Ledger) -> None:
    full.attack("DELETE FROM ledger_checkpoint WHERE organisation_id = :org AND size > 305")
    assert full.problems() == {"unsigned"}
    full.attack("DELETE FROM ledger_checkpoint WHERE organisation_id = :org")
    assert full.problems() == {"unsigned"}


def test_a_forged_checkpoint_is_found(full: Ledger) -> None:
    with scope(full.organisation):
        row = Checkpoint.objects.get(size=SIZE)
    head = notes.TreeHead(sequencing.origin(full.id), SIZE, bytes(32))
    for note in (
        row.note.replace(str(SIZE), "7"),
        notes.sign(head, Ed25519PrivateKey.generate()),
        "",
    ):
        full.attack(
            "UPDATE ledger_checkpoint SET note = :note WHERE organisation_id = :org AND size = :at",
            note=note,
            at=SIZE,
        )
        assert full.problems() == {"forged"}
        assert full.problems(note) == {"forged"}
    full.attack(
        "UPDATE ledger_checkpoint SET note = :note, root = :root "
        "WHERE organisation_id = :org AND size = :at",
        note=row.note,
        root=bytes(32),
        at=SIZE,
    )
    assert full.problems() == {"forged"}


def test_a_wrong_missing_or_extra_node_is_found(full: Ledger) -> None:
    full.attack(
        'UPDATE ledger_node SET hash = :node WHERE organisation_id = :org AND "index" = 1',
        node=bytes(32),
    )
    assert only(full).position == 256
    full.attack('DELETE FROM ledger_node WHERE organisation_id = :org AND "index" = 1')
    assert only(full).position == 256
    full.attack('UPDATE ledger_node SET "index" = 2 WHERE organisation_id = :org AND "index" = 0')
    assert full.problems() == {"node"}


def test_an_entry_moved_in_from_another_organisation_is_found(
    new_ledger: Callable[[], Ledger],
) -> None:
    one, two = new_ledger(), new_ledger()
    one.grow(3)
    two.grow(2)
    two.attack(
        "UPDATE ledger_entry SET organisation_id = :org WHERE organisation_id = :other "
        "AND position = 2",
        other=one.id.hex,
    )
    assert {"column", "unsigned"} <= two.problems()
    assert one.problems() == {"truncated"}


def test_an_act_that_waits_too_long_is_found(ledger: Ledger) -> None:
    ledger.grow(2)
    ledger.record(1)
    assert ledger.problems() == set()
    ledger.attack("UPDATE ledger_pending SET at = :at", at="2020-01-01T00:00:00.000Z")
    assert ledger.problems() == {"waiting"}


def test_missing_triggers_are_found(full: Ledger) -> None:
    guards.remove(connection)
    assert full.problems() == {"unguarded"}
    guards.install(connection)
    assert full.problems() == set()


def test_a_flood_of_findings_stays_small(full: Ledger) -> None:
    full.attack("UPDATE ledger_entry SET act = :act WHERE organisation_id = :org", act="x")
    found = api.verify(full.organisation)
    assert (found.found, len(found.problems)) == (SIZE, verification.MOST_PROBLEMS)


@pytest.mark.parametrize("window", [37, 256, 300])
def test_the_window_makes_no_difference(
    full: Ledger, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "WINDOW", window)
    assert full.problems() == set()
    full.attack("DELETE FROM ledger_entry WHERE organisation_id = :org AND position = 600")
    assert "missing" in full.problems()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_edited_byte_of_any_entry_is_found(full: Ledger, data: st.DataObject) -> None:
    """Whatever byte, whether the hash and the columns are made to fit or not."""
    position = data.draw(st.integers(0, SIZE - 1))
    body = body_at(full, position)
    at = data.draw(st.integers(0, len(body) - 1))
    changed = body[:at] + bytes([body[at] ^ data.draw(st.integers(1, 255))]) + body[at + 1 :]
    leaf = tree.leaf_hash(changed if data.draw(st.booleans()) else body)
    edit = (
        "UPDATE ledger_entry SET body = :body, leaf = :leaf "
        "WHERE organisation_id = :org AND position = :at"
    )
    full.attack(edit, body=changed, leaf=leaf, at=position)
    assert not api.verify(full.organisation).holds
    full.attack(edit, body=body, leaf=tree.leaf_hash(body), at=position)
    assert api.verify(full.organisation).holds


def test_an_act_invented_by_an_attacker_without_the_key_is_found(full: Ledger) -> None:
    invented = json.loads(body_at(full, 699)) | {"id": "e" * 32}
    body = bodies.canonical_plain(invented)
    full.attack(
        "INSERT INTO ledger_entry (id, organisation_id, position, body, leaf, act, subject, at) "
        "SELECT :id, organisation_id, 700, :body, :leaf, act, subject, at FROM ledger_entry "
        "WHERE organisation_id = :org AND position = 699",
        id="e" * 32,
        body=body,
        leaf=tree.leaf_hash(body),
    )
    assert full.problems() == {"unsigned"}
