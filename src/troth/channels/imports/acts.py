from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

UPLOADED = register(
    "imports.uploaded",
    sentence="{actor} uploaded a list of people",
    detail={"run": kinds.reference},
).name
STARTED = register(
    "imports.started",
    sentence="{actor} let a list of people come in",
    detail={"run": kinds.reference, "rows": kinds.integer},
).name
TAKEN = register(
    "imports.taken",
    sentence="Your {data} came to us in a list",
    detail={"run": kinds.reference, "proof": kinds.one_of("yes", "no")},
).name
ENDED = register(
    "imports.ended",
    sentence="A list of people ended as {state}: {new} new and {known} known came in",
    detail={
        "run": kinds.reference,
        "state": kinds.one_of("done", "cancelled", "refused", "expired"),
        "new": kinds.integer,
        "known": kinds.integer,
        "refused": kinds.integer,
        "bad": kinds.integer,
    },
).name
