"""Access and erasure of people with a thousand records, among many others, in the own store."""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction

from bench.figure import seconds
from bench.inside.people import Share, fill
from troth.core.actors import Actor
from troth.core.gate.collecting import collect
from troth.core.ids import row_id
from troth.core.keyring.models import Key
from troth.core.ledger.rows import insert
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.core.people.models import Element, Person
from troth.core.people.records import Given
from troth.core.rights import api as rights

EMAIL, NAME, MESSAGE = "user.contact.email", "user.name", "user.content.private"
FORM: Final = "forms.contact"
SYSTEM: Final = Actor.system("cli")
ROUNDS: Final = 4  # the first warms up
BATCH: Final = 20_000
ELEMENT: Final = {
    **dict.fromkeys(("id", "organisation_id", "person_id"), "uuid"),
    **dict.fromkeys(("name", "category", "touchpoint", "clause", "version"), "text"),
    "value": "bytea",
    "index": "bytea",
    "identifies": "boolean",
    "collected_at": "timestamptz",
}
KEY: Final = {
    **dict.fromkeys(("id", "organisation", "owner"), "uuid"),
    "kind": "text",
    "master": "text",
    "wrapped": "bytea",
}


def measure(people: str, records: str) -> dict[str, Any]:
    """Median seconds of an access with its package, and of an erasure with its reading back."""
    organisation = Organisation.objects.get()
    others = fill(organisation, int(people), [Share("support", EMAIL)])
    with scope(organisation):
        _insert("default", "people_element", ELEMENT, _elements(organisation, others))
        _insert("keyring", "keyring_key", KEY, _keys(organisation, others))
        for alias in ("default", "keyring"):
            with connections[alias].cursor() as cursor:
                cursor.execute("ANALYZE")
        access, erasure, sizes = [], [], []
        for _ in range(ROUNDS):
            person = _person(int(records))
            access.append(seconds(lambda: sizes.append(len(_access(person)))))  # noqa: B023
            erasure.append(seconds(lambda: _erase(person)))  # noqa: B023
        rows = Element.objects.count()
    return {
        "access": statistics.median(access[1:]),
        "erase": statistics.median(erasure[1:]),
        "package": sizes[-1],
        "elements": rows,
    }


def _person(records: int) -> Person:
    given = [Given("name", NAME, "Ada Marsh"), Given("email", EMAIL, f"{row_id().hex}@a.example")]
    given += [Given("message", MESSAGE, f"Message {n}: where is it?") for n in range(records - 2)]
    data = [EMAIL, NAME, MESSAGE]
    with transaction.atomic(), collect(actor=SYSTEM, touchpoint=FORM, data=data) as point:
        person = point.person(given)
        point.hold(person, given)
    return person


def _done(kind: str, person: Person) -> rights.Request:
    request = rights.ask(kind, actor=SYSTEM, way="account", person=person)
    rights.approve(request, actor=SYSTEM)
    rights.fulfil(request, actor=SYSTEM)
    assert request.state == "done", [(s.name, s.fault) for s in request.steps.all()]
    return request


def _access(person: Person) -> bytes:
    return rights.package(_done("access", person))


def _erase(person: Person) -> None:
    _done("deletion", person)
    assert not Person.objects.filter(pk=person.pk).exists()


def _insert(alias: str, table: str, columns: dict[str, str], rows: Iterable[Sequence[Any]]) -> None:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        with transaction.atomic(using=alias):
            insert(connections[alias], table, columns, batch)


def _elements(organisation: Organisation, people: Iterable[UUID]) -> Iterator[Sequence[Any]]:
    owner, then = organisation.pk.hex, "2026-01-01 12:00:00.000000"
    for person in people:
        yield (
            *(row_id().hex, owner, person.hex, "email", EMAIL, FORM, "2.3", "1"),
            *(os.urandom(80), os.urandom(32), True, then),
        )


def _keys(organisation: Organisation, people: Iterable[UUID]) -> Iterator[Sequence[Any]]:
    owner = organisation.pk.hex
    master = Key.objects.values_list("master", flat=True).first() or "0"
    for person in people:
        yield (row_id().hex, owner, person.hex, "person", master, os.urandom(60))
