from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register
from troth.core.retention.words import GROUNDS, THEN

ENDED = register(
    "retention.ended",
    sentence="the time to keep {data} was over (§ {clause}): {count} values; done: {then}",
    detail={"run": kinds.reference, "then": kinds.one_of(*THEN, "purge")},
).name
STOPPED = register(
    "retention.stopped",
    sentence="a retention run stopped for someone to look at it: it would end {count} values",
    detail={"run": kinds.reference},
).name
CONFIRMED = register(
    "retention.confirmed",
    sentence="{actor} confirmed a retention run of {count} values",
    detail={"run": kinds.reference},
).name
HELD = register(
    "retention.held",
    sentence="{actor} set a hold until {until} ({ground}): nothing that it covers is removed",
    detail={"hold": kinds.reference, "ground": kinds.one_of(*GROUNDS), "until": kinds.date},
).name
LIFTED = register(
    "retention.lifted",
    sentence="{actor} lifted a hold",
    detail={"hold": kinds.reference},
).name
REMOVED = register(
    "retention.removed",
    sentence="{actor} removed {count} values of {data} that were {reason}",
    detail={"reason": kinds.one_of("unused", "stale")},
).name
REOPENED = register(
    "retention.reopened",
    sentence="{actor} noted that a {what} began anew: nothing counts from its former end",
    detail={"what": kinds.one_of("contract", "purpose", "delivery")},
).name
CLOSED = register(
    "retention.closed",
    sentence="{actor} noted the end of a {what}: the time to keep its data runs from then",
    detail={"what": kinds.one_of("contract", "purpose", "delivery")},
).name
