"""Rows held, changed and removed by their ids, with statements worked out once (see `asking`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.db import connections, router

from troth.core.asking import look_up, look_up_held
from troth.core.organisations.scope import current_organisation_id
from troth.core.organisations.scoped import Scoped
from troth.core.spelling import OWNER, array, column_kind, columns_of
from troth.core.statements import run, run_many

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


def renew(row: Scoped, *, held: bool = False) -> None:
    """Read a row again as it now stands, as `refresh_from_db` does; `held`, keep it from everybody
    else as `hold` does. Raises `DoesNotExist`.
    """
    pk = row._meta.pk
    assert pk is not None
    found = (look_up_held if held else look_up)(type(row), 1, **{pk.name: row.pk})
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


def change_each(
    model: type[Scoped], names: tuple[str, ...], rows: Sequence[tuple[UUID, *tuple[Any, ...]]]
) -> None:
    """Give each row values of its own: its id, then the values of `names`, attributes as Python
    has them (``queue_id``). One statement on PostgreSQL, one run on SQLite.
    """
    if OWNER in names:
        raise TypeError("The owner of a row stays.")
    if not rows:
        return
    alias = _alias(model)
    connection = connections[alias]
    found = {column.attribute: column for column in columns_of(model, alias, connection.vendor)}
    pk = model._meta.pk
    assert pk is not None
    columns = [found[pk.attname], *(found[name] for name in names)]
    spells = [column.spell or _by_field(column.field, connection) for column in columns]
    spelled = [[spell(one) for spell, one in zip(spells, row, strict=True)] for row in rows]
    owner = found[OWNER].field.get_db_prep_value(current_organisation_id(), connection)
    table, quote = connection.ops.quote_name(model._meta.db_table), connection.ops.quote_name
    if connection.vendor == "postgresql":
        kinds = [column_kind(column, connection) for column in columns]
        given = ", ".join(
            f"{quote(str(column.field.column))} = c{number}"
            for number, column in enumerate(columns)
            if number
        )
        arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
        marks = ", ".join(f"c{number}" for number in range(len(columns)))
        text = (
            f"UPDATE {table} SET {given} FROM unnest({arrays}) AS given({marks}) "  # noqa: S608
            f"WHERE {table}.{quote(str(pk.column))} = c0 AND {table}.{quote(OWNER)} = %s"
        )
        run(connection, text, [*(array(one) for one in zip(*spelled, strict=True)), owner])
        return
    given = ", ".join(f"{quote(str(column.field.column))} = %s" for column in columns[1:])
    text = (
        f"UPDATE {table} SET {given} "  # noqa: S608 - names of ours
        f"WHERE {quote(str(pk.column))} = %s AND {quote(OWNER)} = %s"
    )
    run_many(connection, text, [[*values, key, owner] for key, *values in spelled])


def _by_field(field: Any, connection: Any) -> Callable[[Any], Any]:
    return lambda value: field.get_db_prep_save(value, connection)


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
