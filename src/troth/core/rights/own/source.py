"""The own store among the sources of a request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final
from uuid import UUID

from troth.core.actors import Actor
from troth.core.asking import ALL, look_up
from troth.core.errors import Missing
from troth.core.gate import uses
from troth.core.gate.erasing import may_be_erased
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.people.records import family
from troth.core.rights import content, kinds
from troth.core.rights.models import Request
from troth.core.rights.own import correcting, erasing, finding, refusing
from troth.core.rights.own.holdings import with_rows
from troth.core.rights.own.keeping import fates
from troth.core.rights.own.places import label_of, rules_of, source_of
from troth.core.rights.sources import Changes, Found, Left, Planned, Subject

KEY: Final = "own"
KEYS, ROWS, REPLACE, REFUSE, RESTRICT = "keys", "rows", "replace", "refuse", "restrict"
STEPS: Final = {
    kinds.DELETION: (KEYS, ROWS),
    kinds.CORRECTION: (REPLACE,),
    kinds.OBJECTION: (REFUSE,),
    kinds.WITHDRAWAL: (REFUSE,),
    kinds.REMOVAL: (REFUSE,),
    kinds.RESTRICTION: (RESTRICT,),
}
WORKER: Final = Actor.system("rights")


class Own:
    """What this installation holds of the organisation in scope."""

    key = KEY
    label = "This service"

    def steps(self, kind: str) -> tuple[str, ...]:
        return STEPS.get(kind, ())

    def plan(self, kind: str, subject: Subject, changes: Changes) -> list[Planned]:
        people = _records(subject)
        if kind == kinds.DELETION:
            for person in Person.objects.filter(pk__among=people, merged_into=None):
                may_be_erased(person)
            return _planned_erasure(people)
        if kind == kinds.CORRECTION:
            return _planned_correction(people, changes)
        if kind in kinds.SHOWING:
            return _counted(people, "shown")
        if kind == kinds.RESTRICTION:
            return _counted(people, "kept")
        return []

    def run(self, step: str, kind: str, subject: Subject, changes: Changes) -> int:
        if step == KEYS:
            return erasing.destroy_keys(subject)
        if step == ROWS:
            return erasing.remove_rows(frozenset(subject.records))
        if _stranger(subject):
            return 0
        if step == REPLACE:
            return correcting.correct(subject, changes)
        person = _person(subject)
        if step == RESTRICT:
            return refusing.restrict(person)
        return refusing.refuse_all(kind, person, _purposes(subject))

    def found(self, subject: Subject) -> Iterable[Found]:
        if _stranger(subject):
            return
        if subject.person is None:
            return  # known elsewhere alone
        person = _person(subject)
        with uses.own(person=person, actor=WORKER):
            yield from finding.found(family(person.root_id))

    def check(self, kind: str, subject: Subject, changes: Changes) -> list[Left]:
        if _stranger(subject):
            return []
        if kind == kinds.DELETION:
            return erasing.check(subject)
        if kind == kinds.CORRECTION:
            return correcting.check(subject, changes)
        if kind == kinds.RESTRICTION:
            return refusing.still_used(_person(subject))
        if kind in STEPS:
            return refusing.not_refused(kind, _person(subject), _purposes(subject))
        return []


def _stranger(subject: Subject) -> bool:
    """Somebody who showed an address to be theirs that nothing here belongs to; other databases
    of the company may know them.
    """
    return subject.person is None and not subject.records


def _records(subject: Subject) -> frozenset[UUID]:
    if subject.records:
        return frozenset(subject.records)
    return family(subject.person) if subject.person else frozenset()


def _person(subject: Subject) -> Person:
    found = look_up(Person, 1, id=subject.person) if subject.person else []
    if not found:
        raise Missing("There is no record of this person here.")
    person = found[0]
    return person if person.root_id == person.pk else person.root


def _purposes(subject: Subject) -> tuple[str, ...]:
    request = Request.objects.get(pk=subject.request)
    return content.read(request, actor=WORKER).purposes


def _planned_erasure(people: frozenset[UUID]) -> list[Planned]:
    found, rules = fates(people), current().rules
    lines: Counter[tuple[str, str, str, str, str, str]] = Counter()
    for does, elements in (
        ("locked", found.locked),
        ("depersonalised", found.depersonalised),
        ("erased", found.erased),
    ):
        for (place, label, category, touchpoint), rows in Counter(
            (*_words(element), element.category, element.touchpoint) for element in elements
        ).items():
            keep = rules.keep(category, touchpoint)
            clause, why = (keep.clause, keep.text) if keep and does != "erased" else ("", "")
            lines[place, label, category, does, clause, why] += rows
    planned = [
        Planned(place, label, category, does, rows, clause, why)
        for (place, label, category, does, clause, why), rows in lines.items()
    ]
    others = [one for one in with_rows(people) if one.model is not Element]
    return planned + [
        Planned(finding.PLACE, one.name, "system", "erased", one.rows(people).count())
        for one in others
    ]


def _planned_correction(people: frozenset[UUID], changes: Changes) -> list[Planned]:
    planned = []
    for key in changes:
        rows = list(correcting.concerned(people, key))
        for (place, label, category), number in Counter(
            (*_words(row), row.category) for row in rows
        ).items():
            planned.append(Planned(place, label, category, "replaced", number))
    return planned


def _counted(people: frozenset[UUID], does: str) -> list[Planned]:
    rows = look_up(Element, ALL, person=tuple(people)) if people else []
    lines = Counter((*_words(row), row.category) for row in rows)
    return [Planned(*line, does, number) for line, number in lines.items()]


def _words(element: Element) -> tuple[str, str]:
    rules = rules_of(element.version)
    return source_of(rules, element.touchpoint), label_of(rules, element)
