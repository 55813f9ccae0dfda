from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

_HOW = {"way": kinds.key, "manner": kinds.key}
GIVEN = register("choices.given", sentence="You said yes to {purpose}", detail=_HOW).name
REFUSED = register("choices.refused", sentence="You said no to {purpose}", detail=_HOW).name
WITHDRAWN = register(
    "choices.withdrawn", sentence="You took back your yes to {purpose}", detail=_HOW
).name
RENEWED = register("choices.renewed", sentence="You said yes to {purpose} anew", detail=_HOW).name
STOPPED = register(
    "choices.stopped",
    sentence="As you asked, {actor} stopped all mail for {purpose}",
    detail=_HOW,
).name
RESUMED = register(
    "choices.resumed", sentence="{actor} let mail for {purpose} reach you again", detail=_HOW
).name
EXPIRED = register(
    "choices.expired", sentence="Your yes to {purpose} has run out", detail=_HOW
).name
NO_SOLICITATION = register(
    "choices.no_solicitation",
    sentence="You asked for no solicitation of any kind",
    detail=_HOW,
).name
COLLECTION_REFUSED = register(
    "choices.collection_refused",
    sentence="You asked that nothing be collected beyond what the service needs",
    detail=_HOW,
).name
COLLECTION_AGAIN = register(
    "choices.collection_again",
    sentence="You lifted your request to collect only what the service needs",
    detail=_HOW,
).name
ONWARD_REFUSED = register(
    "choices.onward_refused",
    sentence="You asked that nothing of yours go to others",
    detail=_HOW,
).name
ONWARD_AGAIN = register(
    "choices.onward_again",
    sentence="You lifted your request that nothing go to others",
    detail=_HOW,
).name
SOLICITATION_AGAIN = register(
    "choices.solicitation_again",
    sentence="You lifted your request for no solicitation",
    detail=_HOW,
).name
COOKIES_ACCEPTED = register(
    "choices.cookies_accepted", sentence="You accepted cookies for {manner}", detail=_HOW
).name
COOKIES_DECLINED = register(
    "choices.cookies_declined", sentence="You declined cookies for {manner}", detail=_HOW
).name
COOKIES_WITHDRAWN = register(
    "choices.cookies_withdrawn",
    sentence="You took back your yes to cookies for {manner}",
    detail=_HOW,
).name
