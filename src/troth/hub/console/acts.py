from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

VERIFIED = register(
    "ledger.verified",
    sentence="{actor} verified the ledger: {entries} entries, {findings} findings",
    detail={"entries": kinds.integer, "findings": kinds.integer},
).name
