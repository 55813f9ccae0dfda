"""Entering a domain in the registry, by hand: the gate gives the registry what its clause names."""

from __future__ import annotations

from dataclasses import dataclass

from troth.channels.domains import acts
from troth.channels.domains.clauses import EMAIL, Place, place
from troth.channels.domains.finding import elements
from troth.channels.domains.models import Domain
from troth.channels.domains.permissions import ABILITY
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import renew
from troth.core.errors import Invalid
from troth.core.gate import uses
from troth.core.ledger.api import record


@dataclass(frozen=True, slots=True)
class Line:
    """One thing the registry gets."""

    label: str
    value: str


def sheet(domain: Domain, *, actor: Actor) -> tuple[str, list[Line]]:
    """What goes to the registry, opened as a disclosure to it: its name, and line by line.

    Raises `UseDenied`, and `Invalid` where the policy names no registry.
    """
    actor.needs(ABILITY)
    found = place()
    if not found.registries:
        raise Invalid("The policy names no registry that gets this.", do="Publish a clause for it.")
    to = found.registries[0]
    held = elements(domain)
    labels = {one.key: one.label for one in found.touchpoint.fields}
    given = [
        one for one in held if found.rules.find("share", found.purpose, one.category, to).allowed
    ]
    data = sorted({one.category for one in given})
    with uses.use(actor=actor, purpose=found.purpose, person=domain.person, data=data, to=to):
        lines = [Line(labels.get(one.name, one.name), str(one.value)) for one in given]
    lines += _contact(domain, found, to, actor)
    return found.rules.recipients[to].name, lines


def _contact(domain: Domain, found: Place, to: str, actor: Actor) -> list[Line]:
    label = found.technical.label if found.technical else ""
    if domain.technical is None:
        return [Line(label, found.rules.policy.company.name)] if label else []
    contact = domain.technical
    with uses.use(actor=actor, purpose=found.purpose, person=contact.person, data=[EMAIL], to=to):
        return [Line(label, str(contact.value))]


@action
def entered(domain: Domain, *, actor: Actor) -> None:
    """Note that it is in the registry. Again, it changes nothing."""
    actor.needs(ABILITY)
    renew(domain, held=True)
    if domain.state == Domain.State.ENTERED:
        return
    found = place()
    domain.state, domain.entered_at = Domain.State.ENTERED, clock.now()
    domain.changed_at = domain.entered_at
    domain.save(update_fields=["state", "entered_at", "changed_at"])
    record(
        act=acts.ENTERED,
        organisation=domain.organisation_id,
        actor=actor,
        subject=domain.person.ref,
        purpose=found.purpose,
        clause=found.rules.purposes[found.purpose].clause,
        version=found.published.version,
        detail={"domain": domain.ref},
    )
