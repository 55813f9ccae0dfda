from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

CHANGED = register(
    "connect.changed",
    sentence="{actor} changed which outside databases take part",
    detail={
        "connection": kinds.reference,
        "change": kinds.one_of("added", "described", "removed"),
    },
).name
