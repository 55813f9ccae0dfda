"""Statements over outside tables: names always quoted, values always parameters, sets as sets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.sql.expression import quoted_name
from sqlalchemy.types import NullType

CHUNK: Final = 4_000
"""Values in one statement: drivers take 32,766 parameters or more, and a key may have eight."""

Key = tuple[Any, ...]
PLAIN: Final = NullType()


def named(name: str, schema: str | None, columns: Iterable[str]) -> Any:
    """A table with its columns, of no type: what the driver gives is what it takes back."""
    found = [sa.column(quoted_name(one, quote=True), PLAIN) for one in dict.fromkeys(columns)]
    where = quoted_name(schema, quote=True) if schema else None
    return sa.table(quoted_name(name, quote=True), *found, schema=where)


def among(table: Any, columns: Sequence[str], keys: Collection[Key]) -> Any:
    """The condition that the columns hold one of the keys. The keys are at most `CHUNK`."""
    if len(columns) == 1:
        values = [one[0] for one in keys]
        return table.c[columns[0]].in_(sa.bindparam(None, values, PLAIN, expanding=True))
    cells = [table.c[name] for name in columns]
    return sa.tuple_(*cells, types=[PLAIN] * len(cells)).in_(
        sa.bindparam(None, list(keys), expanding=True)
    )


def chunks(keys: Iterable[Key]) -> Iterator[list[Key]]:
    rest = iter(keys)
    while part := list(islice(rest, CHUNK)):
        yield part


def given(value: Any) -> Any:
    """A value as a parameter, without a cast that would guess its type."""
    return sa.bindparam(None, value, PLAIN)


def fits(value: Any, kind: str, dialect: str) -> Any:
    """The value as a column of that kind can be compared with it; None if it never holds it.

    A database that compares a text with a number may find everything, so types are not mixed.
    """
    if value is None or (isinstance(value, str) and "\0" in value and dialect == "postgresql"):
        return None
    try:
        if kind == "string":
            return value if isinstance(value, str | bytes) else str(value)
        if kind == "integer":
            return _integer(value)
        if kind == "number":
            return value if isinstance(value, int | float | Decimal) else Decimal(str(value))
        if kind == "uuid":
            return value if isinstance(value, UUID) else UUID(str(value))
    except (ValueError, ArithmeticError):
        return None
    return value


def _integer(value: Any) -> int | None:
    if isinstance(value, str) and not (value.isascii() and value.lstrip("-").isdecimal()):
        return None
    found = int(value)
    return found if found == value or isinstance(value, str) else None


def adapted(value: Any, dialect: str) -> Any:
    """A replacement as the driver takes it."""
    if dialect == "sqlite":
        if isinstance(value, datetime | date | time):
            return value.isoformat(*([" "] if isinstance(value, datetime) else []))
        if isinstance(value, Decimal):
            return float(value)
    if isinstance(value, UUID) and dialect != "postgresql":
        return str(value)
    return value


def same(value: Any) -> Any:
    """How values of two columns are compared here: by what they say, not by their type."""
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    if isinstance(value, UUID):
        return value.hex
    return str(value)


def random_text(dialect: str, length: int, suffix: str, kind: str) -> Any:
    """SQL for a text of random hex digits, another one in each row."""
    if dialect == "postgresql":
        made: Any = sa.func.gen_random_uuid()
        if kind == "uuid":
            return made
        made = sa.func.replace(sa.cast(made, sa.Text), "-", "")
    elif dialect == "mysql":
        made = sa.func.md5(sa.func.concat(sa.func.rand(), sa.func.rand()))
    else:
        made = sa.func.lower(sa.func.hex(sa.func.randomblob(16)))
    made = sa.func.substr(made, 1, length, type_=sa.String())
    return made + suffix if suffix else made


def rows(connection: Connection, statement: Any) -> list[Mapping[str, Any]]:
    """What a statement finds, by column name."""
    found = connection.execute(statement)
    return [dict(row) for row in found.mappings()]
