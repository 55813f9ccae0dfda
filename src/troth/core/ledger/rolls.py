"""Rolls: whom a bulk act was about, so that each of them can know it and prove it.

The entry has the root of a Merkle tree as its commitment. A leaf is one person's reference with a
salt of its own, so that the proof one person gets tells of nobody else. Names are kept in parts of
256 with the root over each: a proof reads two parts, however many people there were.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import shake_256
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Subquery

from troth.core.ids import row_id
from troth.core.ledger import proofs, rows
from troth.core.ledger.canonical import COMMITMENT_TAG, SALT_BYTES, Membership, Opening
from troth.core.ledger.models import Roll, RollPart
from troth.core.ledger.tree import Frontier, leaf_hashes, perfect_root
from troth.core.organisations.scope import current_organisation_id

LEVEL: Final = 8
PART: Final = 1 << LEVEL
NAME_BYTES: Final = 16


@dataclass(frozen=True)
class Called:
    """The people of an act about to be recorded, each once, in the order of their references."""

    names: Sequence[str]
    salt: bytes

    @classmethod
    def of(cls, names: Iterable[str]) -> Called:
        """With a fresh salt. `names` are opaque references of 32 hex digits."""
        return cls(sorted(names), secrets.token_bytes(SALT_BYTES))

    @property
    def commitment(self) -> str:
        """The root over everybody's leaf, in lower-case hex."""
        return self._tree[0].hex()

    def keep(self, entry: UUID) -> None:
        """Keep who it was with the entry, in the transaction that recorded it."""
        owner, roots = current_organisation_id().hex, self._tree[1]
        roll = (entry.hex, owner, len(self.names), self.salt)
        rows.insert(connection, "ledger_roll", rows.ROLL, [roll])
        parts = []
        for number, names in enumerate(self._parts()):
            root = roots[number] if number < len(roots) else b""
            packed = bytes.fromhex("".join(names))
            ends = names[0], names[-1]
            parts.append((row_id().hex, owner, entry.hex, number, *ends, packed, root))
        rows.insert(connection, "ledger_rollpart", rows.ROLL_PART, parts)

    def _parts(self) -> list[Sequence[str]]:
        return [self.names[start : start + PART] for start in range(0, len(self.names), PART)]

    @cached_property
    def _tree(self) -> tuple[bytes, list[bytes]]:
        """The root, and the roots over every 256 names."""
        tree = Frontier()
        leaves = [
            leaf
            for number, names in enumerate(self._parts())
            for leaf in _leaves(self.salt, number, names)
        ]
        grown = tree.extend(leaves)
        return tree.root(), next((row.hashes for row in grown if row.level == LEVEL), [])


def entries_about(names: Sequence[str]) -> list[UUID]:
    """The entries in scope whose roll has one of `names`."""
    found = []
    for name in names:
        near = RollPart.objects.filter(roll=OuterRef("pk"), first__lte=name).order_by("-first")
        parts = Roll.objects.annotate(part=Subquery(near.values("pk")[:1])).values("part")
        able = RollPart.objects.filter(pk__in=parts, last__gte=name)
        found += [
            roll for roll, packed in able.values_list("roll_id", "names") if name in _names(packed)
        ]
    return found


def membership(entry: UUID, names: Sequence[str]) -> Membership | None:
    """What shows that the entry is about one of `names`; None where it has no roll with them."""
    roll = Roll.objects.filter(pk=entry).first()
    for name in names if roll else ():
        part = RollPart.objects.filter(roll=entry, first__lte=name, last__gte=name).first()
        if roll and part and name in (inside := _names(part.names)):
            at = inside.index(name)
            salt = _salts(bytes(roll.salt), part.number)[at * SALT_BYTES : (at + 1) * SALT_BYTES]
            index = part.number * PART + at
            return Membership(Opening(salt, name), index, _proof(roll, index))
    return None


def _proof(roll: Roll, index: int) -> list[bytes]:
    parts = RollPart.objects.filter(roll=roll)
    roots = [bytes(root) for root in parts.order_by("number").values_list("root", flat=True)]

    @lru_cache
    def leaves(number: int) -> list[bytes]:
        return _leaves(bytes(roll.salt), number, _names(parts.get(number=number).names))

    def perfect(level: int, place: int) -> bytes:
        if level >= LEVEL:
            width = 1 << level - LEVEL
            return perfect_root(roots[place * width : (place + 1) * width])
        number, start = divmod(place << level, PART)
        return perfect_root(leaves(number)[start : start + (1 << level)])

    return proofs.inclusion_proof(index, roll.size, perfect)


def _names(packed: bytes | memoryview) -> list[str]:
    text = bytes(packed).hex()
    return [text[at : at + 2 * NAME_BYTES] for at in range(0, len(text), 2 * NAME_BYTES)]


def _salts(salt: bytes, number: int) -> bytes:
    """The salts of a part's people, worked out from the roll's: SHAKE-256 (FIPS 202)."""
    return shake_256(salt + number.to_bytes(4)).digest(PART * SALT_BYTES)


def _leaves(salt: bytes, number: int, names: Sequence[str]) -> list[bytes]:
    """`Opening.preimage()` of each name of a part, hashed, in a tight loop."""
    salts, tag = _salts(salt, number), COMMITMENT_TAG
    return leaf_hashes(
        b'%b%b"%b"' % (tag, salts[at : at + SALT_BYTES], name.encode())
        for at, name in zip(range(0, len(salts), SALT_BYTES), names, strict=False)
    )
