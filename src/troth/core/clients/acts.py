from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

CONTRACT_PUBLISHED = register(
    "clients.contract_published",
    sentence="{actor} published version {number} of the contract",
    detail={"number": kinds.integer, "digest": kinds.digest},
).name
CONTRACT_ACCEPTED = register(
    "clients.contract_accepted",
    sentence="{actor} accepted version {number} of the contract",
    detail={"number": kinds.integer, "digest": kinds.digest},
).name
COUNTED = register(
    "clients.counted",
    sentence="{actor}, who works for the provider, looked at how many people there are",
).name
REFUSED = register(
    "clients.refused",
    sentence="{actor}, who works for the provider, tried to open a record, and was refused",
    detail={"provider": kinds.reference},
).name
TRIED = register(
    "clients.tried",
    sentence="{actor} tried to open what a client has, and was refused",
    detail={"client": kinds.reference},
).name
GRANT_GIVEN = register(
    "clients.grant_given",
    sentence="{actor} let the provider see people of ours for a while: {ground}",
    detail={"ground": kinds.key},
).name
GRANT_ENDED = register(
    "clients.grant_ended",
    sentence="{actor} took back that the provider may see people of ours",
).name
