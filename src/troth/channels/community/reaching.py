"""Finding somebody by their address, and what mail to them about this is for."""

from __future__ import annotations

from typing import Final

from troth.channels.community.clauses import EMAIL
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate import uses
from troth.core.gate.audiences import audience
from troth.core.notices.versions import current
from troth.core.people import records
from troth.core.people.models import Person

FITTING: Final = ("essential.service.notifications", "essential.service", "essential", "functional")
"""Uses under which somebody may be written to about what is to be public of them, closest first."""


def by_address(address: str, *, actor: Actor) -> Person:
    """Whoever has this address. Raises `Invalid` for nobody; a search by staff is on the ledger."""
    purposes = [one for one in _fitting() if actor.purposes is None or one in actor.purposes]
    if not purposes:
        raise Invalid(
            "Nobody can be looked up by their address here.",
            why="Your role has no purpose by which that is done.",
        )
    with uses.search(actor=actor, purpose=purposes[0], category=EMAIL):
        found = records.find(EMAIL, address)
    if found is None:
        raise Invalid("Nobody here has this address.", do="They have to be known here before.")
    return found


def mail_purpose(person: Person) -> str:
    """What this person may be written to for; "" if for nothing that fits."""
    for purpose in _fitting():
        mine = audience(purpose=purpose, data=[EMAIL])
        if mine.filter(person__root_id=person.root_id).exists():
            return purpose
    return ""


def _fitting() -> list[str]:
    rules = current().rules
    fit = [
        (order, key)
        for key, purpose in rules.purposes.items()
        if purpose.basis == "essential" and rules.find("use", key, EMAIL).allowed
        for order, use in enumerate(FITTING)
        if purpose.use.startswith(use)
    ]
    return list(dict.fromkeys(key for _, key in sorted(fit)))
