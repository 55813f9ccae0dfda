"""A retention run over many values, of which a tenth is due, beside a bare DELETE of as many."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction

from bench.figure import seconds
from bench.inside.own_requests import ELEMENT, EMAIL, FORM
from bench.inside.people import Share, fill
from troth.core.ids import row_id
from troth.core.ledger.rows import insert
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.core.people.models import Element, Person
from troth.core.retention import api

EACH: Final = 10  # values of one person
BATCH: Final = 20_000
LONG_AGO: Final = timedelta(days=1_100)
MESSAGE: Final = "user.content.private"


def measure(records: str) -> dict[str, Any]:
    """Seconds of a run, and of a DELETE of as many rows of the same table, each committed."""
    count = int(records)
    organisation = Organisation.objects.get()
    people = fill(organisation, count // EACH, [Share("support", EMAIL)])
    with scope(organisation):
        rows = iter(_elements(organisation, people))
        while batch := list(islice(rows, BATCH)):
            with transaction.atomic():
                insert(connection, "people_element", ELEMENT, batch)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        due = len(people) // 10
        _age(people[:due])
        bare = seconds(_delete)
        _age(people[due : 2 * due])
        runs: list[api.Run] = []
        ours = seconds(lambda: runs.append(api.run_now(confirmed=True)))
        done = sum(runs[0].parts.values_list("done", flat=True))
        assert runs[0].state == api.Run.State.DONE
        assert done == due * EACH, done
    return {"run": ours, "delete": bare, "rows": done, "held": runs[0].held}


def _age(people: Sequence[UUID]) -> None:
    long_ago = datetime.now(UTC) - LONG_AGO
    Person.objects.filter(pk__among=people).update(last_contact_at=long_ago)


def _delete() -> None:
    cutoff = datetime.now(UTC) - LONG_AGO + timedelta(days=1)
    old = Person.objects.filter(last_contact_at__lte=cutoff)
    rows = Element.objects.filter(person__in=old)
    rows._raw_delete(rows.db)  # noqa: SLF001 - one statement, and nothing of Django's besides


def _elements(organisation: Organisation, people: Iterable[UUID]) -> Iterator[Sequence[Any]]:
    owner, then, value = organisation.pk.hex, "2023-01-01 12:00:00.000000", os.urandom(120)
    for person in people:
        for number in range(EACH):
            category = EMAIL if number == 0 else MESSAGE
            yield (
                *(row_id().hex, owner, person.hex, "value", category, FORM, "2.3", "1"),
                *(value, None, False, then),
            )
