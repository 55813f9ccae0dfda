"""What a person decided so far, purpose by purpose: what a preference page shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from troth.core.choices.models import Choice
from troth.core.gate.first import ASKING
from troth.core.gate.manners import STOPPED, channels, parties, recipient
from troth.core.gate.models import Stance
from troth.core.gate.permits import Standing, standing_of
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.policy import Rules

Latest = Mapping[tuple[str, str], Choice]


@dataclass(frozen=True, slots=True)
class Switch:
    """One purpose on the preference page. A fixed one is off where its mail was stopped by hand."""

    key: str
    label: str
    text: str
    clause: str
    basis: str
    on: bool
    fixed: bool
    since: Choice | None
    manners: tuple[Manner, ...] = ()


@dataclass(frozen=True, slots=True)
class Manner:
    """One channel or recipient of a purpose: whether it is left on, and since which choice.

    A recipient has the clause that lets data go there, its own label, and what it asks of the
    person (`troth.policy.words.CHOICES`).
    """

    name: str
    on: bool
    since: Choice | None
    label: str = ""
    clause: str = ""
    choice: str = ""


def switches(person: Person) -> list[Switch]:
    """All purposes with what the person decided."""
    return switches_under(current().rules, standing_of(person.root_id), latest_of(person))


def latest_of(person: Person) -> Latest:
    """The last choice about each purpose, and about each manner of it."""
    latest: dict[tuple[str, str], Choice] = {}
    for choice in Choice.objects.filter(person__root_id=person.root_id):
        latest.setdefault((choice.purpose, choice.manner), choice)
    return latest


def switches_under(rules: Rules, standing: Standing, latest: Latest) -> list[Switch]:
    """All purposes as they stand; each tells since when as far as `latest` does."""
    found = []
    for key, purpose in rules.purposes.items():
        if purpose.basis == "prohibited":
            continue
        essential = purpose.basis == "essential"
        answer = standing.answer(key, rules)
        stopped = essential and standing.stopped(key, rules)
        on = (
            not stopped
            if essential
            else (answer == "given" if purpose.basis in ASKING else answer != "refused")
        )
        found.append(
            Switch(
                key,
                purpose.label,
                getattr(purpose, "text", ""),
                purpose.clause,
                purpose.basis,
                on,
                essential,
                latest.get((key, STOPPED if stopped else "")),
                (*_channels(key, rules, standing, latest), *_parties(key, rules, standing, latest)),
            )
        )
    return found


def solicitation_refused(person: Person, manner: str = "") -> bool:
    return Stance.objects.filter(
        person__root_id=person.root_id, purpose=Stance.SOLICITATION, manner=manner
    ).exists()


def _channels(purpose: str, rules: Rules, standing: Standing, latest: Latest) -> Iterator[Manner]:
    """The channels of a purpose, each to be refused or taken back by itself."""
    for name in channels(rules, purpose):
        refused = _said(standing, purpose, name) == Stance.Decision.REFUSED
        yield Manner(name, not refused, latest.get((purpose, name)))


def _parties(purpose: str, rules: Rules, standing: Standing, latest: Latest) -> Iterator[Manner]:
    """The recipients a person may keep data of a purpose from, as the gate decides about them."""
    for party, share in parties(rules, purpose):
        name = recipient(party)
        said, whole = _said(standing, purpose, name), _said(standing, purpose, "")
        given = said == Stance.Decision.GIVEN
        if share.choice == "opt-in":
            given = given or (not said and whole == Stance.Decision.GIVEN)
        on = given if share.choice in ASKING else said != Stance.Decision.REFUSED
        label, since = rules.recipients[party].name, latest.get((purpose, name))
        yield Manner(name, on, since, label, share.clause, share.choice)


def _said(standing: Standing, purpose: str, manner: str) -> str:
    stance = standing.stances.get((purpose, manner))
    return stance.decision if stance else ""
