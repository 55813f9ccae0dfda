from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

ANNOUNCED = register(
    "recipients.announced",
    sentence="{actor} had people told that {to} is to get data for {purpose}",
    detail={"announcement": kinds.reference},
).name
LISTED = register(
    "recipients.listed",
    sentence="{actor} prepared a list for {to} under {purpose}: {people} people, {out} left out",
    detail={
        "list": kinds.reference,
        "people": kinds.integer,
        "out": kinds.integer,
        "stripped": kinds.integer,
    },
).name
STRIPPED = register(
    "recipients.stripped",
    sentence="{actor} asked for {data} for {to}, which no clause gives it; they were left out",
    detail={"list": kinds.reference},
).name
HANDED = register(
    "recipients.handed",
    sentence="{actor} handed a list to {to} for {purpose}",
    detail={"list": kinds.reference, "way": kinds.one_of("download", "sent")},
).name
CONNECTED = register(
    "recipients.connected",
    sentence="{actor} connected a service of {to} for {purpose}",
    detail={"connector": kinds.key, "state": kinds.one_of("active", "paused", "removed")},
).name
CHECKED = register(
    "recipients.checked",
    sentence="{to} was asked whether your address exists, and said {answer}",
    detail={"answer": kinds.one_of("yes", "no")},
).name
REMOVED = register(
    "recipients.removed", sentence="{to} was told to take you off its list for {purpose}"
).name
