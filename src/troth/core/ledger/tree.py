"""The Merkle tree of RFC 6962 section 2.1, grown from the right and kept as its frontier.

A leaf is hashed as ``SHA-256(0x00 || body)``, an inner node as ``SHA-256(0x01 || left || right)``,
so that no inner node can be passed off as a leaf. The tree of no leaves hashes to ``SHA-256("")``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(body: bytes) -> bytes:
    """The hash of one leaf, 32 bytes."""
    return sha256(b"\x00" + body).digest()


def leaf_hashes(bodies: Iterable[bytes]) -> list[bytes]:
    """`leaf_hash` of many, in the tight loop that verification lives on."""
    return [sha256(b"\x00" + body).digest() for body in bodies]


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node over its two children, 32 bytes."""
    return sha256(b"\x01" + left + right).digest()


def parents(row: Sequence[bytes]) -> list[bytes]:
    """The row above an even number of hashes."""
    pairs = iter(row)
    return [
        sha256(b"\x01" + left + right).digest() for left, right in zip(pairs, pairs, strict=True)
    ]


def perfect_root(row: Sequence[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    while len(row) > 1:
        row = parents(row)
    return row[0]


def fold(peaks: Iterable[bytes]) -> bytes:
    """The root over perfect subtrees given from right to left; of none, the empty root."""
    root = b""
    for peak in peaks:
        root = node_hash(peak, root) if root else peak
    return root or EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Row:
    """Nodes that an append completed: `hashes` stand at `level`, from index `first` on."""

    level: int
    first: int
    hashes: list[bytes]


@dataclass(slots=True)
class Frontier:
    """The right edge of a tree: one root for every perfect subtree, at most 64 hashes.

    `peaks` maps a level (log2 of the leaves below) to its hash; a level is present exactly when
    that bit of `size` is set.
    """

    size: int = 0
    peaks: dict[int, bytes] = field(default_factory=dict)

    def extend(self, leaves: Sequence[bytes]) -> list[Row]:
        """Append leaf hashes and return the inner nodes this completed, lowest level first.

        Works row by row: an odd start takes its left sibling from the frontier, an odd end
        leaves one hash behind on it. Two hashes a leaf, whatever the size of the batch.
        """
        first, level, row = self.size, 0, list(leaves)
        self.size += len(row)
        completed: list[Row] = []
        while row:
            if level:
                completed.append(Row(level, first, row))
            row = [self.peaks.pop(level), *row] if first & 1 else row[:]
            if len(row) & 1:
                self.peaks[level] = row.pop()
            first, level, row = first >> 1, level + 1, parents(row)
        return completed

    def root(self) -> bytes:
        """The root over all leaves so far, 32 bytes."""
        return fold(self.peaks[level] for level in sorted(self.peaks))
