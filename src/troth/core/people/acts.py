from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

MERGED = register("people.merged", sentence="{actor} joined two records of you").name
UNMERGED = register("people.unmerged", sentence="{actor} took two joined records apart again").name
CHILD_PURGED = register(
    "people.child_purged",
    sentence="{actor} destroyed all that was held: a child was reported by {ground}",
    detail={"ground": kinds.one_of("parent", "child", "staff", "authority")},
).name
