"""A child got in all the same: once it is reported, every trace of it goes."""

from __future__ import annotations

from typing import Final

from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Missing
from troth.core.gate.purging import purge
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.people import acts
from troth.core.people.models import Person
from troth.core.people.records import family

GROUNDS: Final = {
    "parent": "A parent or guardian told us",
    "child": "The child told us",
    "staff": "One of us noticed",
    "authority": "An authority told us",
}


class AgeMissing(Missing):
    """The policy in force has no clause about age."""


def age_clause() -> str:
    """The clause that names the age. Raises `AgeMissing`."""
    for block in current().policy.ages:
        return block.clause
    raise AgeMissing(
        "The policy names no age.",
        why="Without a clause about children there is none to act under.",
        do="Publish a policy with an [[age]].",
    )


@action
def report_child(person: Person, *, actor: Actor, ground: str) -> int:
    """Purge a child, under the clause that names the age. Returns how many rows went.

    `ground` is one of `GROUNDS`. Raises `AgeMissing`, and `Denied` without the ability.
    """
    actor.needs("people.erase")
    clause, version = age_clause(), current().version
    refs = list(Person.objects.filter(pk__in=family(person.root_id)).values_list("ref", flat=True))
    for ref in sorted(refs):
        record(
            act=acts.CHILD_PURGED,
            organisation=person.organisation_id,
            actor=actor,
            subject=ref,
            clause=clause,
            version=version,
            detail={"ground": ground},
        )
    return purge(person)
