"""A phone number is used for marketing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from troth.core.gate import acts
from troth.core.gate.denials import UseDenied
from troth.core.gate.permits import solicits
from troth.core.gate.uses import use
from troth.core.gate.why import why
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.sealing.sealed import Sealed
from troth.hub.demo.holding.outcome import ACTOR, Outcome, Step, called, newest

PHONE: Final = "user.contact.phone_number"
LOOKED_AT: Final = 40
"""Of how many people, those whose number came last, the page looks for one to try it on."""
CLEAREST: Final = ("refused", "no-opt-in", "not-collected-for")
"""Refusals that need least to be explained come first."""


def attempt() -> Outcome:
    """Ask the gate for a number it has to refuse; then for the same number, as it may be used."""
    found = min(_refused(), key=_clear, default=None)
    if found is None:
        return Outcome(
            held=True,
            verdict="There is nobody here to try it on.",
            why="Nobody’s phone number is held that marketing may not have.",
        )
    person, purpose, _ = found
    label = current().rules.purposes[purpose].label
    steps = [
        Step(
            "You tried",
            "phone",
            f"To have the phone number of {called(person)} for “{label}”.",
            _code(purpose, person),
        )
    ]
    try:
        with use(actor=ACTOR, purpose=purpose, data=[PHONE], person=person):
            opened = _opened(person)
    except UseDenied as denied:
        steps.append(
            Step("The gate said", "refusal", f"{denied.what} {denied.why}", clause=denied.clause)
        )
        if entry := newest(acts.DENIED, person):
            steps.append(
                Step("On the ledger", "ledger", "The try itself was recorded.", entry=entry)
            )
        steps += _permitted(person)
        return Outcome.under(
            denied.clause,
            held=True,
            verdict="Refused: the number stayed sealed.",
            why="" if denied.clause else "No clause permits it, so there was nothing to allow it.",
            steps=steps,
        )
    return Outcome.under("", held=not opened, verdict="It was opened.", why="", steps=steps)


def _refused() -> Iterator[tuple[Person, str, str]]:
    """People, a purpose of marketing, and why their number is not for it."""
    rules = current().rules
    soliciting = [key for key in rules.purposes if solicits(key, rules)]
    for person in _people():
        for purpose in soliciting:
            answer = why(purpose=purpose, category=PHONE, person=person)
            if not answer.allowed:
                yield person, purpose, answer.reason


def _people() -> list[Person]:
    held = Element.objects.filter(category=PHONE, person__root__restricted_at__isnull=True)
    last = held.order_by("-collected_at").values_list("person__root_id", flat=True)
    ids = list(dict.fromkeys(last))[:LOOKED_AT]
    found: dict[UUID, Person] = Person.objects.in_bulk(ids)
    return [found[pk] for pk in ids]


def _clear(found: tuple[Person, str, str]) -> int:
    reason = found[2]
    return CLEAREST.index(reason) if reason in CLEAREST else len(CLEAREST)


def _permitted(person: Person) -> list[Step]:
    """The same number for a purpose it was given for."""
    rules = current().rules
    for purpose, known in rules.purposes.items():
        if not why(purpose=purpose, category=PHONE, person=person).allowed:
            continue
        with use(actor=ACTOR, purpose=purpose, data=[PHONE], person=person) as opening:
            opened = _opened(person)
        if not opened:
            continue
        return [
            Step(
                "The same number",
                "open",
                f"For “{known.label}” it opens, for as long as that takes.",
                _code(purpose, person),
                opening.clause,
            ),
            Step(
                "On the ledger",
                "ledger",
                "So was this use; the person reads of it.",
                entry=newest(acts.USED, person),
            ),
        ]
    return []


def _opened(person: Person) -> bool:
    """Whether one of the numbers opens now."""
    held = Element.objects.filter(category=PHONE, person__root_id=person.root_id)
    return any(not isinstance(element.value, Sealed) for element in held)


def _code(purpose: str, person: Person) -> str:
    return f'use(purpose="{purpose}", data=["{PHONE}"], person={person.ref[:6]})'
