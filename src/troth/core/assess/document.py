"""The assessment as a signed file that an outside reviewer checks with a public key alone.

    {"format": "troth-assessment/v1", "assessment": {…}, "note": "…", "receipt": {…} or null}

The note is a C2SP signed note of three lines (format, name of the ledger, SHA-256 in hex over the
canonical JSON of `assessment`), made with the key that signs the ledger's checkpoints. The receipt
proves that the entry of this very assessment is on the ledger; it is null where the ledger could
not be extended, which is then among the findings.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from troth.core.assess.findings import AREAS
from troth.core.errors import Invalid
from troth.core.ledger import notes, receipts
from troth.core.ledger.canonical import CanonicalInvalid, canonical

FORMAT: Final = "troth-assessment/v1"
ACT: Final = "assess.made"


class DocumentInvalid(Invalid):
    """A file is no assessment, or was changed since it was signed."""


def digest(assessment: dict[str, Any]) -> str:
    """SHA-256, in hex, of the canonical JSON."""
    return sha256(canonical(assessment)).hexdigest()


def sign(assessment: dict[str, Any], origin: str, private: Ed25519PrivateKey) -> str:
    """The note over an assessment."""
    return notes.signed(f"{FORMAT}\n{origin}\n{digest(assessment)}\n", origin, private)


def build(assessment: dict[str, Any], note: str, receipt: dict[str, Any] | None) -> dict[str, Any]:
    return {"format": FORMAT, "assessment": assessment, "note": note, "receipt": receipt}


def check(document: object, verifier: notes.Verifier) -> dict[str, Any]:
    """The assessment in a document whose signature holds. `DocumentInvalid` says what does not."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise DocumentInvalid(f"this is not a file of the format {FORMAT}")
    assessment, note = document.get("assessment"), document.get("note")
    if not isinstance(assessment, dict) or not isinstance(note, str):
        raise DocumentInvalid("a part of the file is missing")
    try:
        signed = notes.text_of(note, verifier)
        found = digest(assessment)
        if signed != f"{FORMAT}\n{verifier.name}\n{found}\n":
            raise DocumentInvalid("what is signed is another assessment than the one in the file")
        _check_receipt(document.get("receipt"), verifier, found)
    except notes.NoteInvalid as error:
        raise DocumentInvalid(str(error)) from error
    except receipts.ReceiptInvalid as error:
        raise DocumentInvalid(f"the ledger's receipt does not hold: {error}") from error
    except CanonicalInvalid as error:
        raise DocumentInvalid(str(error)) from error
    return assessment


def _check_receipt(receipt: object, verifier: notes.Verifier, found: str) -> None:
    if receipt is None:
        return
    entry = receipts.check(receipt, verifier).entry
    if entry.get("act") != ACT or entry.get("detail", {}).get("digest") != found:
        raise DocumentInvalid("the receipt is of another act than this assessment")


def by_area(assessment: dict[str, Any]) -> list[dict[str, Any]]:
    """The checks in the order of the areas, with each area's name and counts."""
    grouped = []
    for key, label in AREAS.items():
        rows = [row for row in assessment["checks"] if row["area"] == key]
        states = [row["state"] for row in rows]
        counts = {state: states.count(state) for state in ("held", "failed", "not looked at")}
        grouped.append({"key": key, "label": label, "checks": rows, "counts": counts})
    return grouped
