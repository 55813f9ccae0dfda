"""A client comes and goes: the standing of a person, and the contract that periods count from."""

from __future__ import annotations

from typing import Final

from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.people import standings
from troth.core.people.models import Person
from troth.core.people.standings import Standing
from troth.core.retention.holds import close, reopen
from troth.core.retention.models import Closing

BY_HAND: Final = "by-hand"


@action
def stand(person: Person, *, standing: str, actor: Actor, cause: str) -> bool:
    """Note where somebody stands. A former client's contract has ended, and a current one's has
    not: what is kept until some time after its end counts from then. Returns whether they moved.
    """
    if cause == BY_HAND:
        actor.needs("people.erase")  # it decides when what is held of them goes
    moved = standings.move(person, standing, actor=actor, cause=cause)
    if standing == Standing.FORMER:
        close(person, actor=actor, what=Closing.What.CONTRACT)
    elif standing == Standing.CURRENT:
        reopen(person, actor=actor, what=Closing.What.CONTRACT)
    return moved
