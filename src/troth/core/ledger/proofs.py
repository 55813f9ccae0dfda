"""Proofs that an entry is in a tree, and that a tree is the beginning of a later one.

Making them follows the definitions of RFC 9162 section 2.1.3.1 and 2.1.4.1, checking them the
algorithms of 2.1.3.2 and 2.1.4.2. Positions count from 0. A proof is a list of 32-byte hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hmac import compare_digest

from troth.core.errors import Invalid
from troth.core.ledger.tree import EMPTY_ROOT, fold, node_hash

Perfect = Callable[[int, int], bytes]
"""``perfect(level, index)``: the root of the perfect subtree over the leaves
``index * 2**level`` up to ``(index + 1) * 2**level``."""


class ProofInvalid(Invalid):
    """A proof does not lead to the root it was given for."""


def range_root(start: int, end: int, perfect: Perfect) -> bytes:
    """The root over the leaves from `start` up to `end`; `start` begins a subtree of the tree."""
    peaks: list[bytes] = []
    while start < end:
        level = (end - start).bit_length() - 1
        peaks.append(perfect(level, start >> level))
        start += 1 << level
    return fold(reversed(peaks))


def _split(width: int) -> int:
    """The largest power of two below `width`: how many leaves stand under the left child."""
    return 1 << (width - 1).bit_length() - 1


def inclusion_proof(position: int, size: int, perfect: Perfect) -> list[bytes]:
    """The siblings on the way from the leaf at `position` to the root of the first `size` leaves.

    Raises `ProofInvalid` when there is no such leaf.
    """
    if not 0 <= position < size:
        raise ProofInvalid(f"position {position} is not in a tree of {size}")
    siblings: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if position < middle:
            siblings.append(range_root(middle, end, perfect))
            end = middle
        else:
            siblings.append(range_root(start, middle, perfect))
            start = middle
    return siblings[::-1]


def consistency_proof(old: int, new: int, perfect: Perfect) -> list[bytes]:
    """The hashes that show the first `old` leaves to be the beginning of the first `new`.

    Empty when `old` is 0 or equals `new`. Raises `ProofInvalid` when `old` is the larger.
    """
    if not 0 <= old <= new:
        raise ProofInvalid(f"a tree of {old} is not the beginning of one of {new}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, end = 0, new
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(range_root(middle, end, perfect))
            end = middle
        else:
            path.append(range_root(start, middle, perfect))
            start = middle
    if start:
        path.append(range_root(start, end, perfect))
    return path[::-1]


def check_inclusion(
    leaf: bytes, position: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """Raise `ProofInvalid` unless `leaf` stands at `position` in the tree of `size` with `root`."""
    if not 0 <= position < size:
        raise ProofInvalid(f"position {position} is not in a tree of {size}")
    index, last, found = position, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofInvalid("the proof is too long")
        if index & 1 or index == last:
            found = node_hash(sibling, found)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        index, last = index >> 1, last >> 1
    if last != 0:
        raise ProofInvalid("the proof is too short")
    if not compare_digest(found, root):
        raise ProofInvalid("the proof leads to another root")


def check_consistency(  # noqa: C901, PLR0912 - one algorithm, kept as the RFC has it
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Raise `ProofInvalid` unless the tree of `old` leaves is the beginning of that of `new`."""
    if not 0 <= old <= new:
        raise ProofInvalid(f"a tree of {old} is not the beginning of one of {new}")
    if old in (0, new):
        expected = EMPTY_ROOT if old == 0 else new_root
        if proof or not compare_digest(old_root, expected):
            raise ProofInvalid("the roots differ")
        return
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        raise ProofInvalid("the proof is too short")
    index, last = old - 1, new - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    found_old = found_new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofInvalid("the proof is too long")
        if index & 1 or index == last:
            found_old = node_hash(sibling, found_old)
            found_new = node_hash(sibling, found_new)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            found_new = node_hash(found_new, sibling)
        index, last = index >> 1, last >> 1
    if last != 0:
        raise ProofInvalid("the proof is too short")
    if not (compare_digest(found_old, old_root) and compare_digest(found_new, new_root)):
        raise ProofInvalid("the proof leads to other roots")
