"""Counting who gets a campaign among a million people, and making a copy for each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import connection

from bench import mailing
from bench.figure import seconds
from bench.inside.people import PERMIT, PERSON, _insert, _moment
from troth.channels.campaigns import freezing, queries
from troth.core.ids import opaque_ref, row_id
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope

EMAIL = "user.contact.email"
ELEMENT = (
    "id organisation_id person_id name category value index identifies touchpoint clause version "
    "collected_at"
).split()
STANCE = "organisation_id person_id purpose manner decision at".split()
UNDELIVERABLE = "id organisation_id index reason at".split()
REFUSED, MARKED, RESTRICTED, DEAD, OTHER = 14, 4, 2, 4, 6
"""Of a hundred people."""


def measure(count: str) -> dict[str, Any]:
    """Seconds to explain and to freeze."""
    organisation = Organisation.objects.get()
    with scope(organisation):
        people = [row_id() for _ in range(int(count))]
        _fill(organisation, people)
        campaign = mailing.campaign()
        explained: list[Any] = []
        times = [seconds(lambda: explained.append(queries.explain(campaign))) for _ in range(3)]
        made: list[int] = []
        freeze = seconds(lambda: made.append(freezing.freeze(campaign)))
        found = explained[0]
        assert found.total == len(people) == found.gets + sum(one.count for one in found.lines)
        assert len(found.lines) == 5, found.lines
        assert made == [found.gets]
        assert abs(found.gets - 0.7 * len(people)) < 0.01 * len(people)
    return {"explain": sorted(times)[1], "freeze": freeze, "made": made[0]}


def _fill(organisation: Organisation, people: Sequence[UUID]) -> None:
    _insert("people_person", [*PERSON, "restricted_at"], _people(organisation, people))
    _insert_typed("people_element", ELEMENT, _elements(organisation, people))
    _insert("gate_permit", PERMIT, _permits(organisation, people))
    _insert("gate_stance", STANCE, _stances(organisation, people))
    _insert_typed("campaigns_undeliverable", UNDELIVERABLE, _dead(organisation, people))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _insert_typed(table: str, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    """`_insert`, for tables with columns that are neither text, ids nor times."""
    from django.db import transaction  # noqa: PLC0415

    from bench.inside import people as bulk  # noqa: PLC0415
    from troth.core.ledger.rows import insert  # noqa: PLC0415

    kinds = {"value": "bytea", "index": "bytea", "identifies": "boolean", "at": "timestamptz"}
    types = {name: kinds.get(name) or bulk.kind(name) for name in columns}
    while batch := list(islice(rows, bulk.BATCH)):
        with transaction.atomic():
            insert(connection, table, types, batch)


def _index(number: int) -> bytes:
    return hashlib.sha256(b"%d" % number).digest()


def _share(number: int) -> int:
    return number * 37 % 100  # spread over the table, not in blocks


def _people(owner: Organisation, people: Sequence[UUID]) -> Iterator[Sequence[Any]]:
    then, low = _moment(), REFUSED + MARKED
    for number, person in enumerate(people):
        restricted = then if low <= _share(number) < low + RESTRICTED else None
        key = person.hex
        yield (key, owner.pk.hex, opaque_ref(), "identified", key, then, then, restricted)


def _elements(owner: Organisation, people: Sequence[UUID]) -> Iterator[Sequence[Any]]:
    then, version = _moment(), current().version
    for number, person in enumerate(people):
        yield (
            *(row_id().hex, owner.pk.hex, person.hex, "email", EMAIL, b"\1" * 60, _index(number)),
            *(True, "forms.contact", "2.3", version, then),
        )


def _permits(owner: Organisation, people: Sequence[UUID]) -> Iterator[Sequence[Any]]:
    then, low = _moment(), REFUSED + MARKED + RESTRICTED
    for number, person in enumerate(people):
        if _share(number) >= 100 - OTHER:
            continue
        usable = then if _share(number) >= low else None
        yield (
            *(row_id().hex, owner.pk.hex, person.hex, mailing.PURPOSE, EMAIL, "open", then, usable),
            *("forms.contact", "2.3", "1"),
        )


def _stances(owner: Organisation, people: Sequence[UUID]) -> Iterator[Sequence[Any]]:
    then = f"{datetime.now(UTC) - timedelta(days=3):%Y-%m-%d %H:%M:%S.%f}"
    for number, person in enumerate(people):
        if _share(number) < REFUSED:
            yield (owner.pk.hex, person.hex, mailing.PURPOSE, "", "refused", then)
        elif _share(number) < REFUSED + MARKED:
            yield (owner.pk.hex, person.hex, "*", "", "refused", then)


def _dead(owner: Organisation, people: Sequence[UUID]) -> Iterator[Sequence[Any]]:
    low = REFUSED + MARKED + RESTRICTED
    for number in range(len(people)):
        if low <= _share(number) < low + DEAD:
            yield (row_id().hex, owner.pk.hex, _index(number), "bounced", _moment())
