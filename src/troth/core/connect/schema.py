"""The live schema: what is really there, as far as descriptions and plans need to know."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import NoSuchTableError, SAWarning
from sqlalchemy.types import TypeEngine

from troth.core.connect.description import Description

KINDS: Final[tuple[tuple[type[TypeEngine[Any]], str], ...]] = (
    (sa.Uuid, "uuid"),
    (sa.Boolean, "boolean"),
    (sa.Enum, "enum"),
    (sa.JSON, "json"),
    (sa.DateTime, "datetime"),
    (sa.Date, "date"),
    (sa.Time, "time"),
    (sa.LargeBinary, "binary"),
    (sa.Numeric, "number"),
    (sa.Integer, "integer"),
    (sa.String, "string"),
)


@dataclass(frozen=True, slots=True)
class LiveColumn:
    """A column that is there. `kind` is "" for a type that is not known here."""

    name: str
    kind: str
    length: int | None
    nullable: bool
    generated: bool


@dataclass(frozen=True, slots=True)
class Foreign:
    """A foreign key, from where it stands to where it points."""

    table: str
    schema: str | None
    columns: tuple[str, ...]
    to_table: str
    to_schema: str | None
    to_columns: tuple[str, ...]
    on_delete: str
    on_update: str


@dataclass(frozen=True, slots=True)
class LiveTable:
    """A table that is there. `indexed` holds the first column of every index; `lowered` those
    columns that are indexed in lower case.
    """

    columns: Mapping[str, LiveColumn]
    primary: tuple[str, ...]
    unique: frozenset[tuple[str, ...]]
    indexed: frozenset[str]
    lowered: frozenset[str]


@dataclass(frozen=True, slots=True)
class Live:
    """What is there of a description. Tables go by the description's keys."""

    dialect: str
    tables: Mapping[str, LiveTable]
    foreign: tuple[Foreign, ...] = field(default=())


def kind_of(column_type: TypeEngine[Any]) -> str:
    """What sort of value a column holds, in our few words."""
    for base, kind in KINDS:
        if isinstance(column_type, base):
            return kind
    name = type(column_type).__name__
    return "string" if name in ("CITEXT", "TEXT", "INET", "CIDR") else ""


def look(connection: Connection, description: Description) -> Live:
    """Read the live schema of what is described, and who points at it."""
    inspector = sa.inspect(connection)
    by_schema: dict[str | None, dict[str, str]] = {}
    for table in description.tables.values():
        by_schema.setdefault(table.schema, {})[table.name] = table.key
    tables: dict[str, LiveTable] = {}
    foreign: list[Foreign] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # of indexes over expressions, on SQLite
        for schema, names in by_schema.items():
            there = set(inspector.get_table_names(schema=schema))
            tables |= _tables(inspector, schema, {n: k for n, k in names.items() if n in there})
            foreign += _foreign(inspector, schema)
    return Live(connection.dialect.name, tables, tuple(foreign))


def _tables(inspector: Any, schema: str | None, names: Mapping[str, str]) -> dict[str, LiveTable]:
    if not names:
        return {}
    wanted = {"schema": schema, "filter_names": list(names)}
    try:
        columns = inspector.get_multi_columns(**wanted)
        primary = inspector.get_multi_pk_constraint(**wanted)
        unique = inspector.get_multi_unique_constraints(**wanted)
        indexes = inspector.get_multi_indexes(**wanted)
    except NoSuchTableError:  # dropped between two looks
        return {}
    return {
        names[table]: _table(
            columns[(at, table)],
            tuple(primary.get((at, table), {}).get("constrained_columns") or ()),
            [one["column_names"] for one in unique.get((at, table), ())],
            indexes.get((at, table), []),
        )
        for at, table in columns
        if table in names
    }


def _table(
    columns: Iterable[Any],
    primary: tuple[str, ...],
    unique: Iterable[Iterable[str]],
    indexes: Iterable[Any],
) -> LiveTable:
    indexes = list(indexes)
    alone = {tuple(sorted(one)) for one in unique}
    alone |= {
        tuple(sorted(one["column_names"]))
        for one in indexes
        if one["unique"] and all(one["column_names"])
    }
    first = {one["column_names"][0] for one in indexes if one["column_names"]}
    first |= {one[0] for one in alone if one} | set(primary[:1])
    expressions = [str(one["expressions"][0]) for one in indexes if one.get("expressions")]
    names = [column["name"] for column in columns]
    lowered = {
        name
        for name in names
        for expression in expressions
        if "lower(" in expression and name in expression
    }
    if primary:
        alone.add(tuple(sorted(primary)))
    return LiveTable(
        columns={column["name"]: _column(column) for column in columns},
        primary=primary,
        unique=frozenset(alone),
        indexed=frozenset(name for name in first if name),
        lowered=frozenset(lowered),
    )


def _column(column: Any) -> LiveColumn:
    kind = kind_of(column["type"])
    generated = bool(column.get("computed")) or bool((column.get("identity") or {}).get("always"))
    return LiveColumn(
        column["name"],
        kind,
        getattr(column["type"], "length", None) if kind == "string" else None,
        bool(column["nullable"]),
        generated,
    )


def _foreign(inspector: Any, schema: str | None) -> list[Foreign]:
    """The foreign keys of the whole schema, so that nobody is missed who points at a row."""
    found = []
    for (at, table), keys in inspector.get_multi_foreign_keys(schema=schema).items():
        for one in keys:
            options = one.get("options") or {}
            found.append(
                Foreign(
                    *(table, at, tuple(one["constrained_columns"]), one["referred_table"]),
                    *(one["referred_schema"], tuple(one["referred_columns"])),
                    (options.get("ondelete") or "").upper(),
                    (options.get("onupdate") or "").upper(),
                )
            )
    return found
