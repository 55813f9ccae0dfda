"""The ledger's door for everyone else."""

from __future__ import annotations

from troth.core.actors import Actor
from troth.core.ledger import kinds
from troth.core.ledger.acts import Act, ActInvalid, ActMissing, acts, register
from troth.core.ledger.bodies import BodyInvalid, Draft
from troth.core.ledger.canonical import CanonicalInvalid, Opening
from troth.core.ledger.kinds import ValueInvalid
from troth.core.ledger.receipting import EntryMissing, receipt
from troth.core.ledger.recording import TransactionMissing, record, record_many
from troth.core.ledger.rolls import Called
from troth.core.ledger.sequencing import checkpoint, sequence, verifier
from troth.core.ledger.stored import LedgerInvalid
from troth.core.ledger.timelines import Line, Page, timeline
from troth.core.ledger.verification import Problem, Verification, verify

__all__ = [
    "Act",
    "ActInvalid",
    "ActMissing",
    "Actor",
    "BodyInvalid",
    "Called",
    "CanonicalInvalid",
    "Draft",
    "EntryMissing",
    "LedgerInvalid",
    "Line",
    "Opening",
    "Page",
    "Problem",
    "TransactionMissing",
    "ValueInvalid",
    "Verification",
    "acts",
    "checkpoint",
    "kinds",
    "receipt",
    "record",
    "record_many",
    "register",
    "sequence",
    "timeline",
    "verifier",
    "verify",
]
