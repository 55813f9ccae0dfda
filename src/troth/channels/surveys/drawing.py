"""Drawing the winners of a contest by a number that nobody could choose.

What decides is a random number that was fixed when the contest opened: its digest stood on the
ledger from then on, and the number itself does since the draw. The entries are put in the order of
the HMAC-SHA-256 of their numbers under it; the first ones win.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from troth.channels.surveys import acts, building, clauses
from troth.channels.surveys.models import Response, Survey
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.audiences import audience
from troth.kit.outbox.api import send

WON = "surveys.won"


@action
def draw(survey: Survey, *, actor: Actor) -> list[Response]:
    """Draw the winners of a closed contest, and have each told by mail. Raises `StateDenied`."""
    actor.needs(building.ABILITY)
    building.held(survey, Survey.State.CLOSED, "draw")
    if survey.kind != Survey.Kind.CONTEST or survey.drawn_at is not None:
        raise Invalid("There is nothing to draw here.", why="It was drawn, or is no contest.")
    touchpoint = clauses.place(survey.kind)
    purpose = clauses.purpose(touchpoint)
    usable = audience(purpose=purpose, data=[clauses.EMAIL])
    entries = list(Response.objects.filter(survey=survey, person__in=usable.values("person_id")))
    won = in_order(survey.lot, entries)[: survey.prizes]
    survey.drawn_at = clock.now()
    survey.save(update_fields=["drawn_at"])
    for response in won:
        response.won_at = survey.drawn_at
        response.save(update_fields=["won_at"])
    told = {"entries": len(entries), "lot": survey.lot}
    building.note(acts.DRAWN, survey, actor, count=len(won), detail=told)
    for response in won:
        send(response.person, kind=WON, purpose=purpose, actor=actor, record=response.pk)
    return won


def in_order(lot: str, entries: Iterable[Response]) -> list[Response]:
    """The entries as the draw puts them."""
    key = bytes.fromhex(lot)
    return sorted(entries, key=lambda one: hmac.digest(key, one.ref.encode(), "sha256"))
