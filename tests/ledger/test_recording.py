"""From an act to its place in the tree, and how a person reads it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from django.db import connection, transaction
from pymerkle import InmemoryTree

from ledger.places import READ, SENT, Ledger
from troth.core.ids import opaque_ref
from troth.core.ledger import api, proofs, sequencing, stored
from troth.core.ledger.models import Checkpoint, Entry, Node, Pending
from troth.core.organisations.scope import scope


def test_acts_get_their_places_in_order(ledger: Ledger) -> None:
    ids = ledger.record(3) + ledger.record(2)
    assert api.sequence() == 5
    assert api.sequence() == 0
    with scope(ledger.organisation):
        assert list(Entry.objects.order_by("position").values_list("id", "position")) == [
            (entry, position) for position, entry in enumerate(ids)
        ]
        assert not Pending.objects.exists()
    assert api.verify(ledger.organisation).holds


def test_an_act_outside_a_transaction_is_refused(ledger: Ledger) -> None:
    with scope(ledger.organisation), pytest.raises(api.TransactionMissing):
        api.record(
            act=SENT, organisation=ledger.organisation, actor=api.Actor("person", opaque_ref())
        )


def test_an_act_rolled_back_leaves_nothing(ledger: Ledger) -> None:
    with scope(ledger.organisation), transaction.atomic():
        api.record(
            act=SENT, organisation=ledger.organisation, actor=api.Actor("person", opaque_ref())
        )
        transaction.set_rollback(True)
    assert api.sequence() == 0
    with scope(ledger.organisation):
        assert not Pending.objects.exists()
        assert not Entry.objects.exists()


def test_each_organisation_has_its_own_tree_and_key(new_ledger: Callable[[], Ledger]) -> None:
    one, two = new_ledger(), new_ledger()
    one.record(3)
    two.record(5)
    assert api.sequence(one.organisation) == 3
    assert api.sequence() == 5
    assert api.verify(one.organisation).size == 3
    assert api.verify(two.organisation).size == 5
    assert str(api.verifier(one.id)) != str(api.verifier(two.id))
    note = api.checkpoint(two.organisation).note
    assert api.verify(two.organisation, note).holds
    assert one.problems(note) == {"forged"}


def test_the_stored_tree_is_the_independent_one(ledger: Ledger) -> None:
    ledger.grow(1, 254, 2, 600, 70)
    theirs = InmemoryTree(algorithm="sha256")
    with scope(ledger.organisation):
        for (body,) in Entry.objects.order_by("position").values_list("body"):
            theirs.append_entry(bytes(body))
        for size, root in Checkpoint.objects.values_list("size", "root"):
            assert bytes(root) == theirs.get_root(size)
        assert Node.objects.count() == 927 // 256
        for position in (0, 255, 256, 300, 926):
            ours = proofs.inclusion_proof(position, 927, stored.perfect)
            assert ours == theirs.prove_inclusion(position + 1, 927).path[1:]
        sizes = [255, 257, 927]
        for old, new in pairwise(sizes):
            ours = proofs.consistency_proof(old, new, stored.perfect)
            proofs.check_consistency(old, theirs.get_root(old), new, theirs.get_root(new), ours)


def test_a_batch_larger_than_one_is_taken_in_several(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencing, "BATCH", 300)
    ledger.record(1000)
    assert api.sequence() == 1000
    with scope(ledger.organisation):
        sizes = list(Checkpoint.objects.order_by("size").values_list("size", flat=True))
    assert sizes == [300, 600, 900, 1000]
    assert api.verify(ledger.organisation).holds


def test_an_empty_ledger_has_a_checkpoint_and_holds(ledger: Ledger) -> None:
    assert api.checkpoint(ledger.organisation).size == 0
    assert api.checkpoint(ledger.organisation).size == 0
    assert api.verify(ledger.organisation).holds
    ledger.grow(1)
    assert api.checkpoint(ledger.organisation).size == 1
    assert api.verify(ledger.organisation).holds


def test_the_sequencer_does_not_sign_a_tree_that_was_tampered_with(
    new_ledger: Callable[[], Ledger],
) -> None:
    ledger, other = new_ledger(), new_ledger()
    ledger.grow(5)
    ledger.attack("UPDATE ledger_entry SET leaf = :leaf WHERE position = 2", leaf=bytes(32))
    ledger.record(1)
    other.record(1)
    with pytest.raises(api.LedgerInvalid, match="nothing was appended"):
        api.sequence()
    with scope(ledger.organisation):
        assert Pending.objects.count() == 1
        assert Entry.objects.count() == 5
    assert api.verify(other.organisation).size == 1


def test_a_changed_act_in_the_queue_is_not_appended(ledger: Ledger) -> None:
    ledger.record(2)
    ledger.attack("UPDATE ledger_pending SET body = :body", body=b"{}")
    with pytest.raises(api.LedgerInvalid, match="queue"):
        api.sequence()
    assert api.verify(ledger.organisation).size == 0


def test_a_timeline_tells_newest_first_over_pages(ledger: Ledger) -> None:
    person, staff = opaque_ref(), opaque_ref()
    ledger.record(3)
    sent = ledger.record(3, subject=person)
    api.sequence()
    with scope(ledger.organisation), transaction.atomic():
        read = api.record(
            act=READ,
            organisation=ledger.organisation,
            actor=api.Actor("staff", staff),
            subject=person,
            purpose="support",
            data=["user.name", "user.contact.email"],
        )
    pages = [api.timeline(ledger.organisation, person, limit=2)]
    while pages[-1].older:
        pages.append(api.timeline(ledger.organisation, person, before=pages[-1].older, limit=2))
    lines = [line for page in pages for line in page.lines]
    assert [len(page.lines) for page in pages] == [2, 2]
    assert [line.id for line in lines] == [read, *reversed(sent)]
    assert [line.position for line in lines] == [None, 5, 4, 3]
    assert lines[0].sentence() == (
        "A member of staff read your user.name, user.contact.email for support"
    )
    assert lines[0].actor == api.Actor("staff", staff)
    assert lines[1].sentence(lambda name, _: name.upper()) == "ACTOR sent DATA with the form FORM"
    first = pages[0].older
    api.sequence()
    assert [line.id for line in api.timeline(ledger.organisation, person, before=first).lines] == [
        *reversed(sent[:2])
    ]


def test_a_timeline_of_joined_records_is_one(ledger: Ledger) -> None:
    one, two = opaque_ref(), opaque_ref()
    first = ledger.record(1, subject=one)
    second = ledger.record(1, subject=two)
    api.sequence()
    page = api.timeline(ledger.organisation, one, two)
    assert [line.id for line in page.lines] == [*second, *first]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET position = position + 100",
        "UPDATE ledger_node SET hash = hash",
        "UPDATE ledger_checkpoint SET size = 0",
        "UPDATE ledger_pending SET body = body",
        "DELETE FROM ledger_entry",
        "DELETE FROM ledger_node",
        "DELETE FROM ledger_checkpoint",
        "DELETE FROM ledger_pending",
    ],
)
def test_the_database_itself_refuses_changes(ledger: Ledger, statement: str) -> None:
    ledger.grow(300)
    ledger.record(1)
    with (
        pytest.raises(Exception, match=r"append-only|leaves the queue"),
        scope(ledger.organisation),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert api.sequence() == 1
    assert api.verify(ledger.organisation).holds


@pytest.mark.parametrize("table", ["entry", "node", "checkpoint", "pending"])
def test_a_table_cannot_be_emptied_or_overwritten(ledger: Ledger, table: str) -> None:
    ledger.grow(300)
    ledger.record(1)
    name = f"ledger_{table}"
    statement = (
        f"TRUNCATE {name} CASCADE"
        if connection.vendor == "postgresql"
        else f"INSERT OR REPLACE INTO {name} SELECT * FROM {name} LIMIT 1"
    )
    if (connection.vendor, table) == ("sqlite", "pending"):
        statement = "INSERT INTO ledger_pending SELECT * FROM ledger_pending"
    with (
        pytest.raises(Exception, match=r"append-only|UNIQUE"),
        scope(ledger.organisation),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    api.sequence()
    assert api.verify(ledger.organisation).holds
