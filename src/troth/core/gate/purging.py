"""Purging: all that is held of one human, destroyed for good; nothing may remember them.

It goes further than erasure, which keeps a digest of an address so that a no is kept: here what
is kept by digest goes as well. What stays is the reference on the ledger, which names nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import ForeignObjectRel

from troth.core.among import Ids
from troth.core.gate.permits import lock
from troth.core.keyring.opening import Opening, opened
from troth.core.keyring.store import KeyMissing, destroy_person_keys, load
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Element, Person
from troth.core.people.records import IDENTIFYING, family

PURGE: Final = "purge"
_on_purge: Final[list[Callable[[Person], None]]] = []


def on_purge(hear: Callable[[Person], None]) -> None:
    """Have `hear` called before somebody is purged, to remove what no row of theirs leads to.

    It runs in the transaction, inside an opening that reads their addresses alone. It raises
    `Denied` where the person may not be purged.
    """
    if hear not in _on_purge:  # `ready()` may run again
        _on_purge.append(hear)


@dataclass(frozen=True, slots=True)
class Part:
    """How many rows of one kind hang on a human."""

    kind: str
    count: int


def hanging() -> list[ForeignObjectRel]:
    """What points at people's records, also where no name leads back (``related_name="+"``)."""
    return [
        field
        for field in Person._meta.get_fields(include_hidden=True)
        if isinstance(field, ForeignObjectRel)
    ]


def held(person: Person) -> list[Part]:
    """What would go, by kind, most first: every row that points at one of their records."""
    people, found = family(person.root_id), list[Part]()
    for relation in hanging():
        model = relation.related_model
        if not isinstance(model, type) or model is Person:
            continue
        rows = model._default_manager.filter(**{f"{relation.field.name}__in": people})
        if count := rows.count():
            found.append(Part(str(model._meta.verbose_name_plural), count))
    return sorted(found, key=lambda part: (-part.count, part.kind))


def purge(person: Person) -> int:
    """Destroy a human's rows and keys, on all their records. Returns how many rows went.

    Call it inside the transaction of the act, which puts it on the ledger. The keys go last: if
    they cannot be destroyed nothing has happened, and if the transaction fails after that it can
    be done again.
    """
    root = person.root_id
    lock(root)
    people, organisation = family(root), person.organisation_id
    with _last_look(people):
        for hear in _on_purge:
            with suppress(KeyMissing):  # done again after a failure: their addresses are gone
                hear(person)
    mine = Person.objects.filter(root_id=root)
    mine.update(merged_into=None)
    gone = mine.delete()[0]
    transaction.on_commit(_empty_log)
    destroy_person_keys(people, organisation, act=PURGE)
    return gone


def purge_all(roots: Collection[UUID]) -> int:
    """Purge many humans with few statements; as `purge` otherwise. Returns how many people went.

    Raises `Denied`, and has done nothing, where one of them may not be purged.
    """
    organisation = current_organisation_id()
    for root in sorted(roots) if connection.vendor == "postgresql" else ():
        lock(root)
    people = Ids(Person.objects.filter(root__id__among=roots).values_list("pk", flat=True))
    found = _remove(people)
    transaction.on_commit(_empty_log)
    destroy_person_keys([UUID(one) for one in people.hexes], organisation, act=PURGE)
    return found


def purge_again(people: frozenset[UUID]) -> int:
    """Remove the rows of people who were purged after a backup was taken that is being restored."""
    return _remove(Ids(people))


def _remove(people: Ids) -> int:
    mine = Person.objects.filter(pk__among=people)
    found = {person.root_id: person for person in mine}
    with _last_look(frozenset(UUID(one) for one in people.hexes)):
        for person in found.values():
            for hear in _on_purge:
                with suppress(KeyMissing):  # done again after a failure: their addresses are gone
                    hear(person)
    mine.update(merged_into=None)
    mine.delete()
    return len(found)


@contextmanager
def _last_look(people: frozenset[UUID]) -> Iterator[None]:
    """Their addresses, to find what is kept of them by digest."""
    with opened(Opening(current_organisation_id(), "", frozenset(IDENTIFYING), people)) as opening:
        load(opening, owners=people)
        token = _looked_at.set(_addresses(people) if len(people) > 1 else None)
        try:
            yield
        finally:
            _looked_at.reset(token)


def _addresses(people: frozenset[UUID]) -> dict[UUID, set[tuple[str, str]]] | None:
    """All of them at once, by root; None where somebody's key is gone already."""
    rows = Element.objects.filter(person__id__among=people, category__in=IDENTIFYING)
    found: dict[UUID, set[tuple[str, str]]] = {}
    try:
        for row in rows.select_related("person"):
            if isinstance(row.value, str):
                found.setdefault(row.person.root_id, set()).add((row.category, row.value))
    except KeyMissing:
        return None
    return found


_looked_at: Final[ContextVar[dict[UUID, set[tuple[str, str]]] | None]] = ContextVar(
    "troth_purged", default=None
)


def addresses(person: Person) -> list[tuple[str, str]]:
    """Category and text of each identifier of theirs, for those who hear of a purge."""
    if (known := _looked_at.get()) is not None:
        return sorted(known.get(person.root_id, ()))
    rows = Element.objects.filter(person__root_id=person.root_id, category__in=IDENTIFYING)
    return sorted({(row.category, row.value) for row in rows if isinstance(row.value, str)})


def _empty_log() -> None:
    """Have SQLite overwrite the rows in its log too, unless somebody is reading just then; the
    next writer does it then. The keys are gone from theirs in any case.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
