"""What a person sees and does on the preference page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.choices.deciding import choose, refuse_solicitation
from troth.core.choices.switches import Switch, solicitation_refused, switches
from troth.core.gate.models import Stance
from troth.core.gate.permits import SOLICITING
from troth.core.ledger.api import Line, timeline
from troth.core.ledger.timelines import plain
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.hub.public.mailing import LIFETIME, LINK
from troth.kit.links import LinkInvalid, read

WAY: Final = "preference-link"
BASES: Final = {
    "essential": "Part of what you asked for",
    "opt-out": "On unless you say no",
    "opt-in": "Off unless you say yes",
    "explicit-opt-in": "Off unless you say yes to exactly this",
}
SAID: Final = {
    "given": "You said yes on",
    "refused": "You said no on",
    "withdrawn": "You took back your yes on",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A switch as the page shows it."""

    key: str
    label: str
    text: str
    clause: str
    basis: str
    on: bool
    held: bool
    """Off because all solicitation is refused; the wish behind it is kept for later."""
    said: str
    at: datetime | None


def person_of(token: str) -> Person:
    """Whose link this is. Raises `LinkInvalid`, the same for every reason there can be."""
    ref = read(token, LINK, LIFETIME)
    person = Person.objects.filter(ref=ref).select_related("root").first()
    if person is None:
        raise LinkInvalid
    return person.root


def rows(person: Person) -> tuple[list[Row], list[Row]]:
    """The switches a person can turn, and the purposes that are fixed."""
    muted = solicitation_refused(person)
    purposes = current().rules.purposes
    found = [
        (switch.fixed, _row(switch, purposes[switch.key].use, muted=muted))
        for switch in switches(person)
    ]
    return [row for fixed, row in found if not fixed], [row for fixed, row in found if fixed]


@action
def save(person: Person, *, actor: Actor, shown: Collection[str], on: Collection[str]) -> None:
    """Do what the person did on the page: turn each switch that stands otherwise than `shown`.

    What changed meanwhile elsewhere is left as it is, and sending a page twice is harmless.
    """
    mute, muted = Stance.SOLICITATION in on, Stance.SOLICITATION in shown
    if mute != muted and mute != solicitation_refused(person):
        refuse_solicitation(person, actor=actor, refused=mute, way=WAY)
    for row in rows(person)[0]:
        if not row.held and (row.key in on) != (row.key in shown):
            wording = f"{row.label}: {row.text}" if row.text else row.label
            choose(
                person,
                actor=actor,
                purpose=row.key,
                yes=row.key in on,
                way=WAY,
                wording=wording.strip(),
            )


def history(person: Person, *, until: UUID | None = None, limit: int = 8) -> list[Line]:
    """What the ledger has on the person's choices, newest first; with `until` only what is newer
    than that entry.
    """
    refs = Person.objects.filter(root_id=person.root_id).values_list("ref", flat=True)
    found: list[Line] = []
    for line in timeline(person.organisation_id, *refs).lines:
        if line.id == until:
            break
        if line.act.startswith("choices."):
            found.append(line)
    return found[:limit]


def sentence(line: Line) -> str:
    """A line of the history in the words of the policy."""
    purposes = current().rules.purposes

    def say(name: str, value: Any) -> str:
        known = name == "purpose" and purposes.get(value)
        return f"“{known.label}”" if known else plain(name, value)

    return line.sentence(say)


def _row(switch: Switch, use: str, *, muted: bool) -> Row:
    since = switch.since
    return Row(
        switch.key,
        switch.label,
        switch.text,
        switch.clause,
        BASES[switch.basis],
        switch.on,
        muted and not switch.fixed and use.startswith(SOLICITING),
        SAID[since.decision] if since else "",
        since.at if since else None,
    )
