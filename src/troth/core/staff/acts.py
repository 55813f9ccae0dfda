from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

_CHANGE = kinds.one_of("added", "changed", "removed")

ROLE_CHANGED = register(
    "staff.role_changed",
    sentence="{actor} changed a role",
    detail={"role": kinds.reference, "change": _CHANGE},
).name
MEMBER_CHANGED = register(
    "staff.member_changed",
    sentence="{actor} changed who is on the staff",
    detail={"member": kinds.reference, "role": kinds.reference, "change": _CHANGE},
).name
UNDERTAKING = register(
    "staff.undertaking_accepted", sentence="{actor} promised to keep what they see confidential"
).name
GRANT_GIVEN = register(
    "staff.grant_given",
    sentence="{actor} let a colleague read what you wrote: {ground}",
    detail={"ground": kinds.key, "member": kinds.reference},
).name
GRANT_TAKEN = register(
    "staff.grant_taken",
    sentence="{actor}, with nobody else to ask, let themselves read what you wrote: {ground}",
    detail={"ground": kinds.key, "member": kinds.reference},
).name
GRANT_ENDED = register(
    "staff.grant_ended",
    sentence="{actor} took back that a colleague may read what you wrote",
    detail={"member": kinds.reference},
).name
