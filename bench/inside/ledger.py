"""The ledger: appending in batches and verifying, beside bare SHA-256 over the same bytes."""

from __future__ import annotations

import statistics
from functools import partial
from hashlib import sha256
from typing import Any, Final

from django.db import transaction

from bench.figure import Pair, beside, seconds
from troth.core.actors import Actor
from troth.core.gate import acts
from troth.core.ids import opaque_ref
from troth.core.ledger.api import sequence, verify
from troth.core.ledger.bodies import Draft
from troth.core.ledger.models import Entry
from troth.core.ledger.recording import record_many
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope

BATCH: Final = 1_000  # acts a transaction
ROUND: Final = 20_000
WORKER: Final = Actor.system("worker")


def measure(verified: str) -> dict[str, Any]:
    """Entries a second appended; seconds to verify `verified` entries (0: not measured)."""
    organisation = Organisation.objects.get()
    with scope(organisation):
        sequence(organisation)  # what making the installation left
        append, recorded = Pair([], []), list[float]()
        for turn in range(6):
            before = _size()
            recording = seconds(partial(_record, organisation, ROUND))
            took = seconds(partial(sequence, organisation))
            bodies = _bodies(before)
            assert len(bodies) == ROUND, "not all that was recorded has its place"
            bare = min(seconds(partial(_hash, bodies)) for _ in range(3))
            if turn:
                recorded.append(recording)
                append.ours.append(took)
                append.peer.append(bare)
        found: dict[str, Any] = {
            "appended": ROUND / append.value,
            "recorded": ROUND / statistics.median(recorded),
            "append_ratio": append.ours_to_peer,
            "append_bare": ROUND / append.peers,
        }
        if int(verified):
            while (left := int(verified) - _size()) > 0:
                _record(organisation, min(left, ROUND))
                sequence(organisation)
            found |= _verify(organisation, int(verified))
    return found


def _verify(organisation: Organisation, size: int) -> dict[str, float]:
    bodies = _bodies(0)
    assert len(bodies) >= size

    def whole() -> None:
        outcome = verify(organisation)
        assert outcome.holds, outcome.problems[:3]

    pair = beside(whole, partial(_hash, bodies), rounds=3)
    return {"verify": pair.value, "verify_bare": pair.peers, "verify_ratio": pair.ours_to_peer}


def _record(organisation: Organisation, count: int) -> None:
    """Record acts as bulk work does: checked, written as canonical JSON, committed."""
    for start in range(0, count, BATCH):
        drafts = [
            Draft(
                act=acts.USED,
                actor=WORKER,
                subject=opaque_ref(),
                purpose="support",
                clause="3.3",
                version="2010-05-18",
                data=["user.contact.email", "user.name"],
            )
            for _ in range(min(BATCH, count - start))
        ]
        with transaction.atomic():
            record_many(organisation, drafts)


def _size() -> int:
    return int(Entry.objects.count())


def _bodies(first: int) -> list[bytes]:
    rows = Entry.objects.filter(position__gte=first).order_by("position")
    return [bytes(body) for body in rows.values_list("body", flat=True).iterator()]


def _hash(bodies: list[bytes]) -> None:
    for body in bodies:
        sha256(body).digest()
