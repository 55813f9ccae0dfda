from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

SUBMITTED = register(
    "forms.submitted",
    sentence="You sent the form {touchpoint}, with your {data}",
    detail={"touchpoint": kinds.key},
).name
HANDLED = register(
    "forms.handled",
    sentence="{actor} dealt with what you sent",
    detail={"state": kinds.one_of("open", "done")},
).name
ASKED = register(
    "forms.asked",
    sentence="Somebody was asked by mail to confirm the form {touchpoint}",
    detail={"touchpoint": kinds.key},
).name
LAPSED = register(
    "forms.lapsed", sentence="{count} forms that nobody confirmed were destroyed"
).name
CHILD_REFUSED = register(
    "forms.child_refused",
    sentence="Somebody too young for {touchpoint} was turned away, and nothing kept",
    detail={"touchpoint": kinds.key},
).name
