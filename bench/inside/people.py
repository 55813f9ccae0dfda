"""People by the million, with permits, past the actions that would make them one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from troth.core.ids import opaque_ref, row_id
from troth.core.ledger.rows import insert
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope

BATCH: Final = 20_000
PERSON: Final = "id organisation_id ref state root_id created_at last_contact_at".split()
PERMIT: Final = (
    "id organisation_id person_id purpose category state opens_at usable_from touchpoint clause "
    "version"
).split()


def kind(column: str) -> str:
    """The PostgreSQL type of a column, which its name gives away."""
    if column == "id" or column.endswith("_id"):
        return "uuid"
    return "timestamptz" if column.endswith(("_at", "_from")) or column == "at" else "text"


@dataclass(frozen=True, slots=True)
class Share:
    """Of every ten people, `having` have a permit for this and `usable` one that is usable."""

    purpose: str
    category: str
    having: int = 10
    usable: int = 10


def fill(organisation: Organisation, count: int, shares: Sequence[Share]) -> list[UUID]:
    """Make `count` people with their permits; returns their ids. Statistics are brought up to date
    afterwards, as a database does by itself in time.
    """
    people = [row_id() for _ in range(count)]
    with scope(organisation):
        _insert("people_person", PERSON, _people(organisation, people))
        _insert("gate_permit", PERMIT, _permits(organisation, people, shares))
        with connection.cursor() as cursor:
            postgres = connection.vendor == "postgresql"
            cursor.execute("VACUUM ANALYZE" if postgres else "ANALYZE")
    return people


def _insert(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    source = iter(rows)
    while batch := list(islice(source, BATCH)):
        with transaction.atomic():
            insert(connection, table, {name: kind(name) for name in columns}, batch)


def _moment() -> str:
    """Some time ago, as both databases take it from text in UTC."""
    return f"{datetime.now(UTC) - timedelta(days=30):%Y-%m-%d %H:%M:%S.%f}"


def _people(organisation: Organisation, people: Iterable[UUID]) -> Iterator[Sequence[Any]]:
    owner, then = organisation.pk.hex, _moment()
    for person in people:
        yield (person.hex, owner, opaque_ref(), "identified", person.hex, then, then)


def _permits(
    organisation: Organisation, people: Iterable[UUID], shares: Sequence[Share]
) -> Iterator[Sequence[Any]]:
    owner, then = organisation.pk.hex, _moment()
    for number, person in enumerate(people):
        for at, share in enumerate(shares):
            digit = (number * 7 + at * 3) % 10  # spread over the table, not in blocks
            if digit >= share.having:
                continue
            usable = then if digit < share.usable else None
            yield (
                *(row_id().hex, owner, person.hex, share.purpose, share.category),
                *("open" if usable else "awaiting", usable, usable, "forms.contact", "2.3", "1"),
            )
