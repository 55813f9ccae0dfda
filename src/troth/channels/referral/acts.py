from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

ASKED = register(
    "referral.asked", sentence="Somebody asked us to send one invitation to a friend"
).name
WITHHELD = register(
    "referral.withheld",
    sentence="An invitation was not sent: there was one before, or the address wants none",
).name
ENDED = register(
    "referral.ended",
    sentence="An invitation ended ({ending}), and its name and address were destroyed",
    detail={"ending": kinds.one_of("accepted", "refused", "withheld", "expired")},
).name
NO_MORE = register(
    "referral.no_more", sentence="Somebody who was invited wants nothing more of this kind"
).name
