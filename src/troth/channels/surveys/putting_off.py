"""Putting off the end of a contest: a later time on its page, and all who entered are told."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from troth.channels.surveys import acts, building, clauses
from troth.channels.surveys.models import Response, Survey
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.audiences import audience
from troth.kit.outbox.api import send

MOVED: Final = "surveys.put-off"


@action
def put_off(survey: Survey, closes_at: datetime, *, actor: Actor) -> None:
    """Let a contest that is still open end later. Nobody who relies on its page is cut off: an
    earlier time is refused, and so is one for a contest that is over.
    """
    actor.needs(building.ABILITY)
    building.held(survey, Survey.State.OPEN, "put it off")
    if survey.kind != Survey.Kind.CONTEST or survey.closes_at is None or building.over(survey):
        raise Invalid("There is nothing to put off.", why="It is over, or is no contest.")
    if closes_at <= survey.closes_at:
        raise Invalid(
            "A contest ends at the time on its page, or later.",
            why="Whoever means to enter relies on it.",
            do="Choose a later time than the one it has.",
        )
    survey.closes_at = closes_at
    survey.save(update_fields=["closes_at"])
    purpose = clauses.purpose(clauses.place(survey.kind))
    usable = audience(purpose=purpose, data=[clauses.EMAIL]).values("person_id")
    entries = list(
        Response.objects.filter(survey=survey, person__in=usable).select_related("person")
    )
    building.note(acts.PUT_OFF, survey, actor, count=len(entries), detail={"day": closes_at.date()})
    for one in entries:
        send(one.person, kind=MOVED, purpose=purpose, actor=actor, record=one.pk)
