from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

GIVEN = register(
    "choices.given", sentence="You said yes to {purpose}", detail={"way": kinds.key}
).name
REFUSED = register(
    "choices.refused", sentence="You said no to {purpose}", detail={"way": kinds.key}
).name
WITHDRAWN = register(
    "choices.withdrawn", sentence="You took back your yes to {purpose}", detail={"way": kinds.key}
).name
NO_SOLICITATION = register(
    "choices.no_solicitation",
    sentence="You asked for no solicitation of any kind",
    detail={"way": kinds.key},
).name
SOLICITATION_AGAIN = register(
    "choices.solicitation_again",
    sentence="You lifted your request for no solicitation",
    detail={"way": kinds.key},
).name
