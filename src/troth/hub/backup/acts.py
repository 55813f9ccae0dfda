from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

RESTORED = register(
    "backup.restored",
    sentence=(
        "{actor} restored the backup of {made}; what came after it is gone, "
        "and {count} people who were erased since were erased again"
    ),
    detail={"made": kinds.date},
).name
REHEARSED = register(
    "backup.rehearsed",
    sentence="{actor} restored the backup of {made} for practice, and all of it held",
    detail={"made": kinds.date},
).name
