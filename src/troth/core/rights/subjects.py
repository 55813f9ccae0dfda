"""Whom a request is about, as sources are told: identifiers that are surely theirs, and records."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from troth.core.actors import Actor
from troth.core.asking import ALL, ask, look_up, read_rows
from troth.core.gate.erasing import last_look
from troth.core.keyring.store import KeyMissing
from troth.core.people.models import Element, Person
from troth.core.people.records import family
from troth.core.rights.content import Content, read, write
from troth.core.rights.models import Request
from troth.core.rights.sources import Subject

KNOWN_BY: Final = (
    *("user.contact.email", "user.contact.phone_number", "user.account", "user.unique_id"),
)
"""What other databases know people by. A name is not: many have the same."""
_KNOWN_BY: Final = tuple(f"{category}." for category in KNOWN_BY)
WORKER: Final = Actor.system("rights")


def subject_of(request: Request) -> Subject:
    """The subject as the request has it written down; before that, as the records have it."""
    return subject_in(request, said_in(request))


def subject_in(request: Request, said: Content) -> Subject:
    """The subject, of a request that says this."""
    if not said.records and request.person_id is not None:
        said = knowing(request, said)
    return Subject(
        request=request.pk,
        person=request.person_id or (UUID(said.records[0]) if said.records else None),
        ref=request.subject,
        identifiers=said.identifiers,
        records=tuple(UUID(one) for one in said.records),
    )


def said_in(request: Request) -> Content:
    """What the request says, read by whatever fulfils it."""
    return read(request, actor=WORKER)


def changes_of(request: Request) -> dict[str, str]:
    return dict(said_in(request).changes)


def identify(request: Request) -> int:
    """Write the identifiers and records into the request, before anything of them goes. Safe to
    repeat: what was written stays.
    """
    said = read(request, actor=WORKER)
    if said.records or request.person_id is None:
        return 0
    found = knowing(request, said)
    write(request, found, actor=WORKER)
    return sum(map(len, found.identifiers.values()))


def knowing(request: Request, said: Content) -> Content:
    """What was written, with the records, and the identifiers that are surely the person's.

    Anybody can type anybody's address into a form. One counts if it was confirmed, or if it is
    what finds the record.
    """
    if request.person_id is None:
        return said
    root = ask(Person, "root_id", id=request.person_id)
    people = family(root)
    identifiers: dict[str, list[str]] = {}
    with last_look(people, request.clause):
        for element in _surely(people):
            try:
                identifiers.setdefault(element.category, []).append(str(element.value))
            except KeyMissing:
                continue  # an erasure that a killed worker had begun
    others = sorted(people - {root}, key=str)
    found = said.knowing({key: tuple(values) for key, values in identifiers.items()})
    return replace(found, records=tuple(map(str, (root, *others))))


def _surely(people: frozenset[UUID]) -> list[Element]:
    """What these records are surely known by elsewhere, newest first."""
    names = ("id", "category", "identifies", "verified_at")
    rows = read_rows(Element, names, ALL, person=tuple(people))
    wanted = tuple(
        one
        for one, category, identifies, verified_at in rows
        if (identifies or verified_at) and f"{category}.".startswith(_KNOWN_BY)
    )
    found = look_up(Element, ALL, id=wanted) if wanted else []
    return sorted(found, key=lambda one: (one.collected_at, one.id), reverse=True)
