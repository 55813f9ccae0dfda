"""Whether somebody is about to be a client, is one, or was one: each move is on the ledger."""

from __future__ import annotations

from typing import Final

from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.ledger.api import record
from troth.core.people import acts
from troth.core.people.models import Person

Standing = Person.Standing
FIRM: Final = (Standing.PROSPECTIVE, Standing.FORMER, Standing.CURRENT)
"""Of two records of one human the later in this list holds."""


@action
def move(person: Person, to: str, *, actor: Actor, cause: str) -> bool:
    """Note where a human stands now. Returns whether that is another standing than before.

    `cause` is one of those the act is registered with. Raises `Invalid` for no standing at all.
    """
    if to not in Standing.values:
        raise Invalid("Nobody can stand so.", do="Choose one of the standings of the page.")
    root = Person.objects.select_for_update().get(pk=person.root_id)
    before = root.standing
    if before == to:
        return False
    Person.objects.filter(pk=root.pk).update(standing=to)
    record(
        act=acts.STANDING,
        organisation=root.organisation_id,
        actor=actor,
        subject=root.ref,
        detail={"before": str(before), "now": str(to), "cause": cause},
    )
    return True


def firmer(one: str, other: str) -> str:
    """What holds of a human two records of whom stand differently."""
    return max(one, other, key=lambda standing: FIRM.index(Standing(standing)))
