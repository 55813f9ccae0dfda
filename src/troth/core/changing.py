"""Rows held, changed and removed by their ids, with statements worked out once (see `asking`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db import connections, router

from troth.core.asking import look_up
from troth.core.organisations.scope import current_organisation_id
from troth.core.organisations.scoped import Scoped
from troth.core.spelling import OWNER
from troth.core.statements import run

BATCH: Final = 100
"""Ids in one statement: few lengths, so few statements for the server to keep."""


def hold(model: type[Scoped], pk: UUID) -> None:
    """Keep a row from everybody else who holds it, until the transaction ends.

    SQLite has one writer anyway. Raises `ScopeMissing`.
    """
    connection = connections[_alias(model)]
    if connection.features.has_select_for_update:
        for keys in _batches(model, connection, [pk]):
            run(connection, f"SELECT 1 {_of(model, 1, 'FROM ')} FOR UPDATE", keys)


def renew(row: Scoped) -> None:
    """Read a row again as it now stands, as `refresh_from_db` does. Raises `DoesNotExist`."""
    pk = row._meta.pk
    assert pk is not None
    found = look_up(type(row), 1, **{pk.name: row.pk})
    if not found:
        raise type(row).DoesNotExist(f"The {row._meta.verbose_name} is gone.")
    row.__dict__ |= found[0].__dict__ | {"_state": row._state}
    row._state.fields_cache.clear()  # what it points at may be another row now


def change(model: type[Scoped], ids: Sequence[UUID], **values: Any) -> None:
    """Give rows of the organisation in scope new values; their owner cannot be given."""
    if {OWNER, "organisation"} & values.keys():
        raise TypeError("The owner of a row stays.")
    connection = connections[_alias(model)]
    fields: list[Any] = [model._meta.get_field(name) for name in values]
    given = [
        field.get_db_prep_save(value, connection)
        for field, value in zip(fields, values.values(), strict=True)
    ]
    names = tuple(str(field.column) for field in fields)
    for keys in _batches(model, connection, ids):
        run(connection, _update(model, names, len(keys) - 1), [*given, *keys])


def remove(model: type[Scoped], ids: Sequence[UUID | int]) -> None:
    """Delete rows of the organisation in scope that nothing points at."""
    connection = connections[_alias(model)]
    for keys in _batches(model, connection, ids):
        run(connection, f"DELETE {_of(model, len(keys) - 1, 'FROM ')}", keys)


def _batches(
    model: type[Scoped], connection: Any, ids: Sequence[UUID | int]
) -> Iterator[list[Any]]:
    """The ids as the database takes them, in batches, each with the owner behind it."""
    pk, owner = model._meta.pk, model._meta.get_field("organisation")
    assert pk is not None
    spelled = [pk.get_db_prep_value(one, connection) for one in ids]
    whose = owner.get_db_prep_value(current_organisation_id(), connection)
    for start in range(0, len(spelled), BATCH):
        yield [*spelled[start : start + BATCH], whose]


@cache
def _alias(model: type[Scoped]) -> str:
    return router.db_for_write(model)


@cache
def _update(model: type[Scoped], names: tuple[str, ...], count: int) -> str:
    quote = connections[_alias(model)].ops.quote_name
    given = ", ".join(f"{quote(name)} = %s" for name in names)
    return f"UPDATE {_of(model, count, '', f'SET {given} ')}"


@cache
def _of(model: type[Scoped], count: int, before: str, between: str = "") -> str:
    """The table, and the condition for so many ids of one owner."""
    quote, pk = connections[_alias(model)].ops.quote_name, model._meta.pk
    assert pk is not None
    table, key, marks = quote(model._meta.db_table), quote(pk.attname), ", ".join(["%s"] * count)
    return f"{before}{table} {between}WHERE {key} IN ({marks}) AND {quote(OWNER)} = %s"
