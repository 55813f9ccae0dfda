"""Receipts: one JSON file with which a person proves, offline, that an entry is on the ledger.

It holds what C2SP's tlog-proof holds (position, inclusion proof, checkpoint) and the entry itself,
so that nothing but the organisation's public key is needed to check it. With an opening it also
proves what the person sent.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from troth.core.errors import Invalid
from troth.core.ledger.canonical import CanonicalInvalid, Membership, Opening, canonical
from troth.core.ledger.notes import NoteInvalid, TreeHead, Verifier, base64_hash, read
from troth.core.ledger.proofs import ProofInvalid, check_inclusion
from troth.core.ledger.tree import leaf_hash

FORMAT = "troth-receipt/v1"
_LONGEST_PROOF = 64


class ReceiptInvalid(Invalid):
    """A receipt does not prove what it says. The message tells which part fails."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a receipt that holds has proven."""

    entry: dict[str, Any]
    position: int
    head: TreeHead
    opened: bool


def build(
    *,
    entry: dict[str, Any],
    position: int,
    inclusion: Sequence[bytes],
    checkpoint: str,
    opening: Opening | Membership | None = None,
) -> dict[str, Any]:
    """The receipt as a JSON object."""
    receipt: dict[str, Any] = {
        "format": FORMAT,
        "entry": entry,
        "position": position,
        "inclusion": _base64(inclusion),
        "checkpoint": checkpoint,
    }
    if isinstance(opening, Membership):
        receipt["opening"] = _shown(opening.opening) | {
            "index": opening.index,
            "inclusion": _base64(opening.inclusion),
        }
    elif opening is not None:
        receipt["opening"] = _shown(opening)
    return receipt


def _base64(hashes: Sequence[bytes]) -> list[str]:
    return [b64encode(one).decode() for one in hashes]


def _shown(opening: Opening) -> dict[str, Any]:
    return {"salt": opening.salt.hex(), "value": opening.value}


def check(receipt: object, verifier: Verifier) -> Checked:
    """Check a receipt with a public key and nothing else. `ReceiptInvalid` says what fails."""
    if not isinstance(receipt, dict) or receipt.get("format") != FORMAT:
        raise ReceiptInvalid(f"this is not a receipt of the format {FORMAT}")
    entry, position = receipt.get("entry"), receipt.get("position")
    inclusion, note = receipt.get("inclusion"), receipt.get("checkpoint")
    if not (
        isinstance(entry, dict)
        and type(position) is int
        and isinstance(note, str)
        and isinstance(inclusion, list)
        and len(inclusion) <= _LONGEST_PROOF
        and all(isinstance(sibling, str) for sibling in inclusion)
    ):
        raise ReceiptInvalid("a part of the receipt is missing or of the wrong kind")
    try:
        head = read(note, verifier)
        siblings = [base64_hash(sibling) for sibling in inclusion]
        check_inclusion(leaf_hash(canonical(entry)), position, head.size, siblings, head.root)
    except NoteInvalid as error:
        raise ReceiptInvalid(str(error)) from error
    except ProofInvalid as error:
        raise ReceiptInvalid(
            f"the entry is not in the tree the checkpoint signs: {error}"
        ) from error
    except CanonicalInvalid as error:
        raise ReceiptInvalid(str(error)) from error
    return Checked(entry, position, head, _opened(entry, receipt.get("opening")))


def _opened(entry: dict[str, Any], opening: object) -> bool:
    """Whether there is an opening; it has to fit when there is."""
    if opening is None:
        return False
    commitment = entry.get("commitment")
    if not isinstance(opening, dict) or not isinstance(commitment, str):
        raise ReceiptInvalid("there is an opening but nothing it could open")
    try:
        shown = Opening(bytes.fromhex(opening["salt"]), opening["value"])
        if "inclusion" in opening:
            _among(shown, opening, entry)
        elif not compare_digest(shown.commitment().encode(), commitment.encode()):
            raise ReceiptInvalid("the value shown is not the one the entry is committed to")
    except (KeyError, TypeError, ValueError, NoteInvalid, CanonicalInvalid) as error:
        raise ReceiptInvalid("the opening cannot be read") from error
    return True


def _among(shown: Opening, opening: dict[str, Any], entry: dict[str, Any]) -> None:
    """Whether a bulk act was about the person shown."""
    siblings = [base64_hash(sibling) for sibling in opening["inclusion"][:_LONGEST_PROOF]]
    root, leaf = bytes.fromhex(entry["commitment"]), leaf_hash(shown.preimage())
    try:
        check_inclusion(leaf, int(opening["index"]), int(entry["count"]), siblings, root)
    except ProofInvalid as error:
        raise ReceiptInvalid("the person shown is not one the entry is committed to") from error
