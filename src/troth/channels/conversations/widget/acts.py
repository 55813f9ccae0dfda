"""What the visitor's side puts on the ledger besides the verbs of conversations."""

from __future__ import annotations

from troth.core.ledger.acts import register

COPY_ASKED = register(
    "conversations.copy_asked", sentence="You asked for a copy of the chat by mail"
).name
