from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

SENT = register(
    "mail.sent", sentence="A message was sent to you for {purpose}", detail={"kind": kinds.key}
).name
RETURNED = register(
    "mail.returned",
    sentence="A message to you came back after the receiving side had taken it",
    detail={"kind": kinds.key},
).name
REFUSED = register(
    "mail.refused",
    sentence="A message to you was not taken by the receiving side",
    detail={"kind": kinds.key},
).name
