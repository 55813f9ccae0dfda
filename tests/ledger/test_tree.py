"""The tree and its proofs, against an independent implementation (pymerkle)."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, strategies as st
from pymerkle import InmemoryTree

from troth.core.ledger import proofs, tree

SIZES = st.integers(1, 600)


def bodies(size: int) -> list[bytes]:
    return [f"entry {number}".encode() for number in range(size)]


def independent(size: int) -> InmemoryTree:
    found = InmemoryTree(algorithm="sha256")
    for body in bodies(size):
        found.append_entry(body)
    return found


def source(leaves: list[bytes]) -> proofs.Perfect:
    def perfect(level: int, index: int) -> bytes:
        return tree.perfect_root(leaves[index << level : (index + 1) << level])

    return perfect


def root(leaves: list[bytes]) -> bytes:
    return proofs.range_root(0, len(leaves), source(leaves))


def test_the_empty_tree_and_single_hashes_are_those_of_the_rfc() -> None:
    assert tree.Frontier().root() == sha256(b"").digest()
    assert tree.leaf_hash(b"") == sha256(b"\x00").digest()
    assert tree.node_hash(b"l" * 32, b"r" * 32) == sha256(b"\x01" + b"l" * 32 + b"r" * 32).digest()


@given(st.lists(st.integers(0, 90), max_size=8))
def test_growing_in_any_batches_gives_the_independent_root(batches: list[int]) -> None:
    leaves = tree.leaf_hashes(bodies(sum(batches)))
    frontier, nodes, done = tree.Frontier(), {}, 0
    for batch in batches:
        for row in frontier.extend(leaves[done : done + batch]):
            nodes |= {(row.level, row.first + at): node for at, node in enumerate(row.hashes)}
        done += batch
        assert frontier.size == done
        assert frontier.root() == independent(done).get_root()
    expected = {
        (level, index): source(leaves)(level, index)
        for level in range(1, len(leaves).bit_length())
        for index in range(len(leaves) >> level)
    }
    assert nodes == expected


@given(st.data(), SIZES)
def test_inclusion_proofs_agree_with_the_independent_ones(data: st.DataObject, size: int) -> None:
    position = data.draw(st.integers(0, size - 1))
    leaves = tree.leaf_hashes(bodies(size))
    proof = proofs.inclusion_proof(position, size, source(leaves))
    theirs = independent(size).prove_inclusion(position + 1, size)
    assert proof == theirs.path[1:]
    proofs.check_inclusion(leaves[position], position, size, proof, root(leaves))


@given(st.data(), SIZES)
def test_consistency_proofs_hold_between_the_independent_roots(
    data: st.DataObject, size: int
) -> None:
    old = data.draw(st.integers(0, size))
    proof = proofs.consistency_proof(old, size, source(tree.leaf_hashes(bodies(size))))
    theirs = independent(size)
    proofs.check_consistency(old, theirs.get_root(old), size, theirs.get_root(), proof)


@given(st.data(), st.integers(2, 300))
def test_a_proof_with_anything_changed_is_refused(data: st.DataObject, size: int) -> None:
    position = data.draw(st.integers(0, size - 1))
    leaves = tree.leaf_hashes(bodies(size))
    proof = proofs.inclusion_proof(position, size, source(leaves))
    at = data.draw(st.integers(0, len(proof) - 1))
    flipped = bytes([proof[at][0] ^ data.draw(st.integers(1, 255))]) + proof[at][1:]
    other = data.draw(st.integers(0, size - 1).filter(lambda found: found != position))
    for leaf, where, changed in (
        (leaves[position], position, [*proof[:at], flipped, *proof[at + 1 :]]),
        (leaves[position], position, proof[:-1]),
        (leaves[position], position, [*proof, proof[-1]]),
        (leaves[position], position, []),
        (leaves[other], position, proof),
        (leaves[position], -1, proof),
        (leaves[position], size, proof),
    ):
        with pytest.raises(proofs.ProofInvalid):
            proofs.check_inclusion(leaf, where, size, changed, root(leaves))


@given(st.data(), st.integers(2, 300))
def test_a_history_that_was_rewritten_has_no_proof(data: st.DataObject, size: int) -> None:
    old = data.draw(st.integers(1, size))
    leaves = tree.leaf_hashes(bodies(size))
    rewritten = [*leaves]
    rewritten[data.draw(st.integers(0, old - 1))] = tree.leaf_hash(b"another")
    proof = proofs.consistency_proof(old, size, source(rewritten))
    with pytest.raises(proofs.ProofInvalid):
        proofs.check_consistency(old, root(leaves[:old]), size, root(rewritten), proof)
    with pytest.raises(proofs.ProofInvalid):
        proofs.check_consistency(old, root(leaves[:old]), size, root(leaves), [*proof, bytes(32)])


@pytest.mark.parametrize(("old", "new"), [(-1, 4), (5, 4)])
def test_a_larger_tree_is_not_the_beginning_of_a_smaller(old: int, new: int) -> None:
    with pytest.raises(proofs.ProofInvalid):
        proofs.consistency_proof(old, new, source([]))
    with pytest.raises(proofs.ProofInvalid):
        proofs.check_consistency(old, bytes(32), new, bytes(32), [])
