"""What the company itself writes down while it serves somebody: the state of their account, the
services they chose, the log of those services.

Where a clause collects such data with `source = "company"`, they are elements of the person beside
what they gave, and so in “My data”, in the access package, and inside retention and erasure.
"""

from __future__ import annotations

from typing import Final

from troth.channels.billing import acts, clauses, queries
from troth.channels.billing.models import Order
from troth.channels.billing.products import ABILITY
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid, Missing
from troth.core.gate import uses
from troth.core.gate.collecting import collect
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.people.records import Given
from troth.policy.blocks import Collect

STATUS: Final = "user.account"
SERVICES: Final = "user.account.settings"
LOG: Final = "user.behavior"
STATES: Final = {"active": "Active", "suspended": "Suspended", "ended": "Ended"}
LONGEST: Final = 500


class RecordMissing(Missing):
    """No clause lets the company write such things down."""


def block() -> Collect | None:
    """The clause by which the company writes these down; None if there is none."""
    rules = current().rules
    for found in rules.policy.collects:
        if found.source == "company" and SERVICES in map(rules.category, found.data):
            return found
    return None


def _named(category: str) -> tuple[Collect, str]:
    found, rules = block(), current().rules
    names = [n for n in (found.data if found else ()) if rules.category(n) == category]
    if found is None or not names:
        raise RecordMissing(
            "Nothing of this kind may be written down.",
            why="No clause collects it from the company itself.",
        )
    return found, names[0]


@action
def set_status(person: Person, state: str, *, actor: Actor) -> None:
    """Write down the state of somebody's account: a key of `STATES`."""
    actor.needs(ABILITY)
    if state not in STATES:
        raise Invalid("There is no such state.", do="Choose one of those offered.")
    _write(person, STATUS, STATES[state], actor=actor)


@action
def add_to_log(person: Person, words: str, *, actor: Actor) -> None:
    """Write one entry of the log of somebody's services."""
    actor.needs(ABILITY)
    if not words.strip():
        raise Invalid("There is nothing to write down.", do="Write what happened.")
    _write(person, LOG, words.strip()[:LONGEST], actor=actor)


def ordered(order: Order, actor: Actor) -> None:
    """The services that somebody chose come from their orders, as they are placed."""
    del actor  # whoever placed it: the company writes it down
    if block() is None:
        return
    system = Actor.system("billing")
    with uses.use(
        actor=system, purpose=clauses.paying(), person=order.person, data=[clauses.BOUGHT]
    ):
        chosen = [f"{line.name} ({line.quantity})" for line in queries.services(order)]
    if chosen:
        _write(order.person, SERVICES, ", ".join(chosen), actor=system)


def _write(person: Person, category: str, text: str, *, actor: Actor) -> None:
    found, name = _named(category)
    with collect(actor=actor, touchpoint=found.at, data=[category]) as point:
        point.hold(person, [Given(name, category, text, found.clause)])
    record(
        act=acts.WRITTEN,
        organisation=person.organisation_id,
        actor=actor,
        subject=person.ref,
        clause=found.clause,
        version=current().version,
        data=[category],
    )


def held(person: Person) -> list[Element]:
    """What was written down about somebody, the newest first; values open inside a use."""
    found = block()
    if found is None:
        return []
    mine = Element.objects.filter(person__root_id=person.root_id, clause=found.clause)
    return list(mine.filter(touchpoint=found.at, name__in=found.data).order_by("-collected_at"))
