from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

_KIND = kinds.key
_CASE = {"case": kinds.reference, "kind": _KIND}

OPENED = register(
    "cases.opened",
    sentence="{actor} opened a case: {kind}",
    detail={**_CASE, "ground": kinds.key, "about": kinds.key},
).name
DOCUMENT = register(
    "cases.document",
    sentence="{actor} added a document to a case: {kind}",
    detail={**_CASE, "digest": kinds.digest},
).name
SUBMITTED = register(
    "cases.submitted", sentence="{actor} asked for a second approver: {kind}", detail=_CASE
).name
APPROVED = register("cases.approved", sentence="{actor} approved a case: {kind}", detail=_CASE).name
REFUSED = register("cases.refused", sentence="{actor} refused a case: {kind}", detail=_CASE).name
CLOSED = register(
    "cases.closed",
    sentence="{actor} closed a case: {kind}",
    detail={**_CASE, "outcome": kinds.key},
).name
NOTED = register(
    "cases.noted", sentence="{actor} noted a step of a case: {kind}", detail=_CASE
).name
BUNDLED = register(
    "cases.bundled",
    sentence="{actor} handed over what a case covers: {kind}",
    detail={**_CASE, "digest": kinds.digest},
).name
TOLD = register(
    "cases.told",
    sentence="You were told that data of yours was or will be given to {to}",
    detail={**_CASE, "way": kinds.key},
).name
UNTOLD = register(
    "cases.untold",
    sentence="We could not reach you about a transfer to {to}",
    detail={**_CASE, "way": kinds.key},
).name
OBJECTED = register(
    "cases.objected",
    sentence="You objected that data of yours goes to {to}; it does not go",
    detail=_CASE,
).name
REPORTED = register(
    "cases.reported",
    sentence="{actor} reported something as harmful",
    detail=_CASE,
).name
MODERATED = register(
    "cases.moderated",
    sentence="{actor} looked at something that was reported. It was {done}",
    detail={
        **_CASE,
        "done": kinds.one_of("blocked", "deleted", "kept"),
        "ground": kinds.key,
        "undone": kinds.one_of("blocked", "deleted", "kept"),
    },
).name
ANSWERED = register(
    "cases.answered", sentence="You objected to what was done with your words", detail=_CASE
).name
TAKEN = register("cases.taken", sentence="{actor} sees to a case: {kind}", detail=_CASE).name
PEOPLE_TOLD = register(
    "cases.told_people", sentence="The people of a case were told: {kind}", detail=_CASE
).name
TELLING = register(
    "cases.telling",
    sentence="{actor} began to tell people of a transfer: {kind}",
    detail=_CASE,
).name
TOLD_ALL = register(
    "cases.told_all",
    sentence="All people of a transfer were told, or are listed as not reached: {kind}",
    detail=_CASE,
).name
EXPORTED = register(
    "cases.exported",
    sentence="{actor} handed over what moves with a transfer: {kind}",
    detail={**_CASE, "digest": kinds.digest},
).name
