"""The public record of a domain: its name and dates, and of its owner what they chose to show.

Everything else is left out, and said to be (RFC 9537). Showing something is a disclosure to
everybody, on the ledger each time; where nothing is shown nothing is opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from troth.channels.domains.clauses import Place, Showable, place
from troth.channels.domains.finding import by_name, elements
from troth.channels.domains.models import Domain
from troth.channels.domains.names import shown
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.gate.denials import UseDenied


@dataclass(frozen=True, slots=True)
class Line:
    """A field of the owner: its value, or None where it is left out."""

    key: str
    category: str
    label: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """What everybody may read."""

    place: Place
    ascii: str
    unicode: str
    handle: str
    entered: bool
    ordered_at: datetime
    entered_at: datetime | None
    changed_at: datetime
    lines: tuple[Line, ...]
    other_contact: bool
    """Whether somebody else than the company looks after it; who that is nobody is told."""


def record_of(name: str) -> Record:
    """The public record of a name (as `names.ascii_of` spells it). Raises `DomainMissing`."""
    found, domain = place(), by_name(name)
    values = _values(domain, found)
    asked = {one.key: one for one in found.touchpoint.fields if one != found.name}
    lines = tuple(
        Line(key, field.category, field.label, values.get(key)) for key, field in asked.items()
    )
    return Record(
        place=found,
        ascii=name,
        unicode=shown(name),
        handle=domain.ref[:12],
        entered=domain.state == Domain.State.ENTERED,
        ordered_at=domain.ordered_at,
        entered_at=domain.entered_at,
        changed_at=domain.changed_at,
        lines=lines,
        other_contact=domain.technical_id is not None,
    )


def _values(domain: Domain, found: Place) -> dict[str, str]:
    values: dict[str, str] = {}
    for one in found.showable:
        if one.field.key in domain.shown and (text := _value(domain, one)):
            values[one.field.key] = text
    return values


def _value(domain: Domain, one: Showable) -> str:
    """What is held in the field, if the gate gives it to everybody now."""
    held = elements(domain, [one.field.key])
    if not held:
        return ""
    try:
        with uses.use(
            actor=Actor.visitor(),
            purpose=one.purpose,
            person=domain.person,
            data=[one.field.category],
            to=one.to,
        ):
            value = held[-1].value
            return value if isinstance(value, str) else ""
    except UseDenied:
        return ""
