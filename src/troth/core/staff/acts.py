from __future__ import annotations

from troth.core.ledger.acts import register

ROLE_CHANGED = register("staff.role_changed", sentence="{actor} changed a role").name
MEMBER_CHANGED = register("staff.member_changed", sentence="{actor} changed who is on the staff").name
UNDERTAKING = register(
    "staff.undertaking_accepted", sentence="{actor} promised to keep what they see confidential"
).name
