"""Drawing the winners of a contest by a number that nobody could choose, for all to check.

What decides is a random number, the lot, that was fixed when the contest opened: its digest stood
on the ledger from then on, and the lot itself does since the draw, with a digest of the list of all
numbers it was held among. List and lot are public. The entries are put in the order of the
HMAC-SHA-256 of their numbers under the lot; the first ones win. Who can read the database can read
the lot before, but no number of an entry is anybody's to choose.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from hashlib import sha256

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
    """Draw the winners of a contest whose time is over, and have each told by mail.

    Raises `StateDenied` before its closing time.
    """
    actor.needs(building.ABILITY)
    if survey.state == Survey.State.OPEN and building.over(survey):
        building.close(survey, actor=actor)
    building.held(survey, Survey.State.CLOSED, "draw")
    if survey.kind != Survey.Kind.CONTEST or survey.drawn_at is not None:
        raise Invalid("There is nothing to draw here.", why="It was drawn, or is no contest.")
    touchpoint = clauses.place(survey.kind)
    purpose = clauses.purpose(touchpoint)
    usable = audience(purpose=purpose, data=[clauses.EMAIL])
    entries = {
        one.ref: one
        for one in Response.objects.filter(survey=survey, person__in=usable.values("person_id"))
    }
    survey.drawn_at, survey.entries = clock.now(), sorted(entries)
    survey.save(update_fields=["drawn_at", "entries"])
    won = [entries[number] for number in winners(survey)]
    for response in won:
        response.won_at = survey.drawn_at
        response.save(update_fields=["won_at"])
    told = {"entries": len(entries), "lot": survey.lot, "list": digest(survey.entries)}
    building.note(acts.DRAWN, survey, actor, count=len(won), detail=told)
    for response in won:
        send(response.person, kind=WON, purpose=purpose, actor=actor, record=response.pk)
    return won


def winners(survey: Survey) -> list[str]:
    """The numbers that win, as everybody can work them out; none before the draw."""
    return in_order(survey.lot, survey.entries)[: survey.prizes]


def in_order(lot: str, entries: Iterable[str]) -> list[str]:
    """The numbers of entries as the draw puts them."""
    key = bytes.fromhex(lot)
    return sorted(entries, key=lambda one: hmac.digest(key, one.encode(), "sha256"))


def digest(entries: Iterable[str]) -> str:
    """The SHA-256 of a list: its numbers in ascending order, each ended by a line feed."""
    return sha256("".join(f"{one}\n" for one in sorted(entries)).encode()).hexdigest()
