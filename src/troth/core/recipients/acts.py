from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register
from troth.core.recipients.models import Bond, Suspension
from troth.policy import words

BOUND = register(
    "recipients.bound",
    sentence="{actor} noted what {to} showed: {kind}",
    detail={
        "kind": kinds.one_of(*Bond.Kind.values),
        "level": kinds.one_of("none", *words.LEVELS),
        "from": kinds.date,
        "until": kinds.date,
    },
).name
SUSPENDED = register(
    "recipients.suspended",
    sentence="{actor} stopped all giving to {to}",
    detail={
        "suspension": kinds.reference,
        "ground": kinds.one_of(*Suspension.Ground.values),
        "source": kinds.one_of(*Suspension.Source.values),
    },
).name
LIFTED = register(
    "recipients.lifted",
    sentence="{actor} let {to} receive data again",
    detail={"suspension": kinds.reference},
).name
UNTOLD = register(
    "recipients.untold",
    sentence="The mail that told you of {to} for {purpose} came back: you count as not told",
    detail={"way": kinds.key},
).name
FORETOLD = register(
    "recipients.foretold",
    sentence="You were told that {to} is to get your {data} for {purpose}",
    detail={"way": kinds.key},
).name
