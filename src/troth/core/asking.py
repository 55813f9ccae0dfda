"""Look-ups by exact values, with a statement worked out once.

A query set compiles its statement again for every call, which for a look-up by key takes ten times
as long as the look-up. This is for the few that every request makes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final, TypeVar

from django.db import connections, models, router

from troth.core.organisations.scope import current_organisation_id
from troth.core.organisations.scoped import Scoped
from troth.core.statements import run

M = TypeVar("M", bound=models.Model)
ALL: Final = 2**31 - 1
"""More rows than there are: no limit."""
Shape = tuple[tuple[str, int], ...]
"""The columns asked by, each with how many values it may have; 0 stands for true."""


def ask(model: type[models.Model], name: str, **wanted: Any) -> Any:
    """The value of `name` in the first row, by the model's order, that has all `wanted` values.

    None where there is no such row. Of a scoped model only rows of the organisation in scope count.
    Raises `ScopeMissing`.
    """
    for (found,) in _rows(model, (name,), 1, wanted):
        return found
    return None


def ask_all(model: type[models.Model], name: str, **wanted: Any) -> list[Any]:
    """The values of `name` in all rows that have all `wanted` values. See `ask`."""
    return [found for (found,) in _rows(model, (name,), ALL, wanted)]


def look_up(model: type[M], limit: int, **wanted: Any) -> list[M]:
    """The first rows that have all `wanted` values; a tuple is one of its values. See `ask`."""
    names = _all(model)
    return [model.from_db(_alias(model), names, row) for row in _rows(model, names, limit, wanted)]


def look_up_held(model: type[M], limit: int, **wanted: Any) -> list[M]:
    """As `look_up`, and nobody else may change or hold the rows until the transaction ends. SQLite
    has one writer anyway.
    """
    names = _all(model)
    rows = _rows(model, names, limit, wanted, held=True)
    return [model.from_db(_alias(model), names, row) for row in rows]


def read_rows(
    model: type[models.Model], names: tuple[str, ...], limit: int, **wanted: Any
) -> Iterable[list[Any]]:
    """As `look_up`, the values of `names` alone: making an instance takes longer than its row."""
    return _rows(model, names, limit, wanted)


def _rows(
    model: type[models.Model],
    names: tuple[str, ...],
    limit: int,
    wanted: dict[str, Any],
    *,
    held: bool = False,
) -> Iterable[list[Any]]:
    alias, find = _alias(model), model._meta.get_field
    connection = connections[alias]
    shape: list[tuple[str, int]] = []
    params: list[Any] = []
    for key, value in wanted.items():
        values = () if value is True else value if type(value) is tuple else (value,)
        shape.append((key, len(values)))
        params += [find(key).get_db_prep_value(one, connection) for one in values]  # type: ignore[union-attr]
    if issubclass(model, Scoped):
        owner: Any = find("organisation")
        shape.append(("organisation", 1))
        params.append(owner.get_db_prep_value(current_organisation_id(), connection))
    held = held and connection.features.has_select_for_update
    text = _statement(model, alias, names, tuple(shape), held=held)
    rows = run(connection, text, [*params, limit], walled=issubclass(model, Scoped))
    readers = _readers(model, alias, connection.vendor, names) if rows else ()
    return [[read(value) for read, value in zip(readers, row, strict=True)] for row in rows]


@cache
def _alias(model: type[models.Model]) -> str:
    return router.db_for_read(model)


@cache
def _all(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


@cache
def _statement(
    model: type[models.Model], alias: str, names: tuple[str, ...], shape: Shape, *, held: bool
) -> str:
    quote = connections[alias].ops.quote_name

    def column(of: str) -> str:
        return quote(str(model._meta.get_field(of).column))  # type: ignore[union-attr]

    def condition(key: str, values: int) -> str:
        # What is true stands in the text, so that partial indexes are found.
        marks = ", ".join(["%s"] * values)
        return f"{column(key)} IN ({marks})" if values > 1 else column(key) + " = %s" * values

    order = [
        f"{column(key.removeprefix('-'))} {'DESC' if key.startswith('-') else 'ASC'}"
        for key in map(str, model._meta.ordering or ())
    ]
    return (
        f"SELECT {', '.join(map(column, names))} FROM {quote(model._meta.db_table)} "  # noqa: S608 - ours
        f"WHERE {' AND '.join(condition(*one) for one in shape)} "
        f"{'ORDER BY ' * bool(order)}{', '.join(order)} LIMIT %s{' FOR UPDATE' * held}"
    )


@cache
def _readers(
    model: type[models.Model], alias: str, vendor: str, names: tuple[str, ...]
) -> tuple[Callable[[Any], Any], ...]:
    """What makes of each column's value the one that Python has, as in a query set."""
    return tuple(_reader(model._meta.get_field(name), alias) for name in names)


def _reader(field: Any, alias: str) -> Callable[[Any], Any]:
    connection, column = connections[alias], field.get_col("")
    steps = column.get_db_converters(connection)
    steps = [*connection.ops.get_db_converters(column), *steps]

    def read(value: Any) -> Any:
        for step in steps:
            value = step(value, column, connection)
        return value

    return read
