"""Stopping mail that is part of the service, for one person who asked for it.

There is no switch for such mail, since whoever turned it off in passing would miss what they need.
A person who really wants none of it asks, and somebody of the staff does it by hand, knowing what
will not arrive. The gate then denies their address to these purposes, in sets and singly.

What answers something the person did that moment (a link to set a new password, a reply in their
own case) serves other purposes and still goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices.deciding import choose
from troth.core.choices.models import Choice
from troth.core.errors import Invalid
from troth.core.gate import manners
from troth.core.gate.manners import STOPPED
from troth.core.gate.permits import standing_of
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.core.staff.models import Role
from troth.policy import Rules
from troth.policy.blocks import Purpose

ABILITY: Final = str(Role.Ability.RIGHTS_HANDLE)
WAYS: Final = {
    "asked-by-mail": "by mail",
    "asked-by-phone": "by phone",
    "asked-by-letter": "by letter",
    "asked-in-person": "in person",
}
"""How somebody can have asked for it."""
STOP: Final = "Write me no mail for this either, though it is part of the service."
AGAIN: Final = "Write me mail for this again."


@dataclass(frozen=True, slots=True)
class Stoppable:
    """A purpose whose mail can be stopped by hand, and since when it is."""

    purpose: Purpose
    since: Choice | None

    @property
    def stopped(self) -> bool:
        return self.since is not None


def stoppable(rules: Rules) -> dict[str, Purpose]:
    """The purposes that are part of the service and for which the company writes on its own."""
    return {key: one for key, one in rules.purposes.items() if manners.stoppable(rules, key)}


def standing(person: Person) -> list[Stoppable]:
    """Each such purpose, with the choice that stopped it if it is stopped."""
    known, rules = standing_of(person.root_id), current().rules
    said: dict[str, Choice] = {}
    for choice in Choice.objects.filter(person__root_id=person.root_id, manner=STOPPED):
        said.setdefault(choice.purpose, choice)
    # For a purpose that came after it, what was said last of the others holds.
    last = max(said.values(), key=lambda one: one.at, default=None)
    return [
        Stoppable(purpose, said.get(key, last) if known.stopped(key, rules) else None)
        for key, purpose in stoppable(rules).items()
    ]


@action
def stop(person: Person, *, actor: Actor, way: str) -> list[Choice]:
    """Stop all such mail to a person. `way` is one of `WAYS`; repeats change nothing."""
    return _say(person, actor, way, yes=False)


@action
def resume(person: Person, *, actor: Actor, way: str) -> list[Choice]:
    """Undo it: they get such mail again from now on."""
    return _say(person, actor, way, yes=True)


def _say(person: Person, actor: Actor, way: str, *, yes: bool) -> list[Choice]:
    actor.needs(ABILITY)
    if way not in WAYS:
        raise Invalid("Say how they asked for it.", why="It is kept as the proof.")
    found = []
    for one in standing(person):
        if one.stopped is not yes:
            continue
        wording = AGAIN if yes else STOP
        made = choose(
            person.root,
            actor=actor,
            purpose=one.purpose.key,
            yes=yes,
            way=way,
            wording=wording,
            manner=STOPPED,
        )
        found += [made] if made else []
    return found
