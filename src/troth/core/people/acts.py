from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

MERGED = register("people.merged", sentence="{actor} joined two records of you").name
UNMERGED = register("people.unmerged", sentence="{actor} took two joined records apart again").name
STANDING = register(
    "people.standing_moved",
    sentence="{actor} noted that you are a {now} client, and no {before} one any more",
    detail={
        "before": kinds.one_of("prospective", "current", "former"),
        "now": kinds.one_of("prospective", "current", "former"),
        "cause": kinds.one_of("registered", "contract-ended", "by-hand", "merged"),
    },
).name
CHILD_PURGED = register(
    "people.child_purged",
    sentence="{actor} destroyed all that was held: a child was reported by {ground}",
    detail={"ground": kinds.one_of("parent", "child", "staff", "authority")},
).name
