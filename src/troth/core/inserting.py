"""New rows into the database with one statement a table, worked out once.

`save()` and `bulk_create()` work the statement out again for every call, and ask every field of
every row how to spell its value, which for a form's two dozen rows takes longer than all the rest.
Here the spelling of plain fields is found out once; sealed fields and owners still prepare their
own, so that rows keep to their organisation and values are sealed. Signals and parents' tables are
left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connections, models, router

from troth.core.organisations.scope import current_organisation_id
from troth.core.spelling import OWNER, Column, Spell, array, column_kind, columns_of
from troth.core.statements import run, run_many


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model, which have their ids already. Raises what the database raises."""
    if not rows:
        return
    model = type(rows[0])
    alias = _alias(model)
    connection = connections[alias]
    columns = columns_of(model, alias, connection.vendor)
    values = [
        [
            column.field.get_db_prep_save(column.field.pre_save(row, add=True), connection)
            if column.spell is None
            else column.spell(row.__dict__[column.attribute])
            for column in columns
        ]
        for row in rows
    ]
    _write(connection, model, columns, values)
    for row in rows:
        row._state.adding, row._state.db = False, alias


def insert_values(
    model: type[models.Model], names: tuple[str, ...], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert rows by their values alone, where nobody wants the instances.

    `names` are attributes as Python has them (``person_id``); a column left out gets what the
    database has for it. The owner is the organisation in scope and cannot be given; what is sealed
    cannot be given either. A UUID may come as its 32 hex digits.
    """
    if not rows:
        return
    alias = _alias(model)
    connection = connections[alias]
    columns, spells = _named(model, alias, connection.vendor, names)
    values = [[spell(value) for spell, value in zip(spells, row, strict=True)] for row in rows]
    if len(columns) > len(names):
        owner = columns[-1].field.get_db_prep_save(current_organisation_id(), connection)
        for row in values:
            row.append(owner)
    _write(connection, model, columns, values)


def _write(
    connection: Any, model: type[models.Model], columns: tuple[Column, ...], values: list[list[Any]]
) -> None:
    walled = columns[-1].attribute == OWNER
    if len(values) == 1:
        run(connection, _from_values(model, columns), values[0], walled=walled)
    elif connection.vendor == "postgresql":
        # One statement over arrays: COPY is refused on a table with row-level security.
        by_column = list(zip(*values, strict=True))
        same = tuple(all(value is column[0] for value in column) for column in by_column)
        both = list(zip(by_column, same, strict=True))
        given = [column[0] for column, alike in both if alike]
        given += [array(column) for column, alike in both if not alike]
        run(connection, _from_arrays(model, columns, same), given, walled=walled)
    else:
        run_many(connection, _from_values(model, columns), values)


@cache
def _alias(model: type[models.Model]) -> str:
    return router.db_for_write(model)


@cache
def _named(
    model: type[models.Model], alias: str, vendor: str, names: tuple[str, ...]
) -> tuple[tuple[Column, ...], tuple[Spell, ...]]:
    """The columns of `names`, how each is spelled, and last the owner's where there is one."""
    found = {column.attribute: column for column in columns_of(model, alias, vendor)}
    if OWNER in names:
        raise TypeError("The owner is the organisation in scope; it is not given.")
    chosen = tuple(found[name] for name in names)
    spells = tuple(column.spell or _by_field(column.field, alias) for column in chosen)
    return (*chosen, found[OWNER]) if OWNER in found else chosen, spells


def _by_field(field: Any, alias: str) -> Spell:
    return lambda value: field.get_db_prep_save(value, connections[alias])


def _into(model: type[models.Model], columns: tuple[Column, ...]) -> str:
    quote = connections[_alias(model)].ops.quote_name
    names = ", ".join(quote(str(column.field.column)) for column in columns)
    return f"INSERT INTO {quote(model._meta.db_table)} ({names})"


@cache
def _from_values(model: type[models.Model], columns: tuple[Column, ...]) -> str:
    return f"{_into(model, columns)} VALUES ({', '.join(['%s'] * len(columns))})"


@cache
def _from_arrays(
    model: type[models.Model], columns: tuple[Column, ...], same: tuple[bool, ...]
) -> str:
    """The statement that takes an array for each column, or one value where all are the `same`."""
    connection = connections[_alias(model)]
    kinds = [column_kind(column, connection) for column in columns]
    found = [(f"c{number}", *one) for number, one in enumerate(zip(kinds, same, strict=True))]
    chosen = ", ".join(f"%s::{kind}" if alike else name for name, kind, alike in found)
    arrays = ", ".join(f"%s::{kind}[]" for _, kind, alike in found if not alike)
    names = ", ".join(name for name, _, alike in found if not alike)
    into = _into(model, columns)
    return f"{into} SELECT {chosen} FROM unnest({arrays}) AS given({names})"  # noqa: S608 - ours
