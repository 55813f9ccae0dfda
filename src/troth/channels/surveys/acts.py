from __future__ import annotations

from troth.core.ledger import kinds
from troth.core.ledger.acts import register

_SURVEY = {"survey": kinds.reference}

MADE = register("surveys.made", sentence="{actor} made a survey", detail=_SURVEY).name
CHANGED = register("surveys.changed", sentence="{actor} changed a survey", detail=_SURVEY).name
REMOVED = register(
    "surveys.removed", sentence="{actor} threw away a survey nobody had seen", detail=_SURVEY
).name
OPENED = register(
    "surveys.opened",
    sentence="{actor} opened a survey",
    detail=_SURVEY | {"sealed": kinds.digest},
).name
CLOSED = register("surveys.closed", sentence="A survey was closed", detail=_SURVEY).name
PUT_OFF = register(
    "surveys.put-off",
    sentence="{actor} put off the end of a contest to {day}, and {count} entrants are told",
    detail=_SURVEY | {"day": kinds.date},
).name
DRAWN = register(
    "surveys.drawn",
    sentence="{count} winners were drawn among {entries} entries",
    detail=_SURVEY | {"entries": kinds.integer, "lot": kinds.digest, "list": kinds.digest},
).name
