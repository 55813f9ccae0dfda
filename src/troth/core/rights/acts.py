from __future__ import annotations

from typing import Final

from troth.core.ledger import kinds
from troth.core.ledger.acts import register
from troth.core.rights.kinds import KINDS, WAYS

_kind = kinds.one_of(*KINDS)
_about: Final = {"request": kinds.reference, "kind": _kind}

RECEIVED = register(
    "rights.received",
    sentence="We received a request by {way}: {kind}",
    detail=_about | {"way": kinds.one_of(*WAYS)},
).name
PROVED = register(
    "rights.proved",
    sentence="{actor} took it as shown that a request was yours",
    detail=_about | {"how": kinds.key},
).name
APPROVED = register(
    "rights.approved", sentence="{actor} let a request go on: {kind}", detail=_about
).name
PAUSED = register(
    "rights.paused",
    sentence="A request waited for you: {reason}",
    detail=_about | {"reason": kinds.key},
).name
RESUMED = register(
    "rights.resumed", sentence="A request that waited for you went on", detail=_about
).name
EXTENDED = register(
    "rights.extended",
    sentence="{actor} extended the time for a request: {reason}",
    detail=_about | {"reason": kinds.key},
).name
REFUSED = register(
    "rights.refused",
    sentence="{actor} refused a request ({kind}): {reason}",
    detail=_about | {"reason": kinds.key},
).name
WITHDRAWN = register(
    "rights.withdrawn", sentence="{actor} took a request back: {kind}", detail=_about
).name
DONE = register(
    "rights.done",
    sentence="A request was done: {kind}",
    detail=_about | {"outcome": kinds.key},
).name
STUCK = register(
    "rights.stuck",
    sentence="A request could not be finished at {source}: {kind}",
    detail=_about | {"source": kinds.key},
).name
ERASED = register(
    "rights.erased",
    sentence="The keys of your data were destroyed: nobody can read what they sealed",
    detail=_about,
).name
CORRECTED = register("rights.corrected", sentence="Your {data} was replaced", detail=_about).name
RESTRICTED = register(
    "rights.restricted", sentence="Your data is kept and not used, as you asked"
).name
RELEASED = register("rights.released", sentence="Your data may be used again").name
PACKED = register("rights.packed", sentence="A copy of your data was made", detail=_about).name
ESCALATED = register(
    "rights.escalated",
    sentence="You agreed that the file of your case goes to {to}",
    detail=_about,
).name
HANDING = register(
    "rights.handing", sentence="The file of your case leaves for {to}", detail=_about
).name
PUT_OFF = register(
    "rights.put-off",
    sentence="{to} could not take the file of your case yet: it is tried again",
    detail=_about,
).name
UNSURE = register(
    "rights.unsure",
    sentence="Whether the file of your case reached {to} is not known: the sending was cut short",
    detail=_about,
).name
HANDED = register(
    "rights.handed", sentence="The file of your case was given to {to}", detail=_about
).name
NOT_HANDED = register(
    "rights.not-handed", sentence="The file of your case could not be given to {to}", detail=_about
).name
TOLD = register("rights.told", sentence="{to} was told of your request: {kind}", detail=_about).name
ANSWERED = register(
    "rights.answered",
    sentence="{to} answered what became of your request: {state}",
    detail=_about | {"state": kinds.key},
).name
