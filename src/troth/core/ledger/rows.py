"""Rows into the database by the thousand, past the ORM (which is ten times slower)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from troth.core import statements

PENDING = {
    "id": "uuid",
    "organisation_id": "uuid",
    "subject": "text",
    "body": "bytea",
    "at": "text",
}
ENTRY = {
    "act": "text",
    "at": "text",
    "id": "uuid",
    "subject": "text",
    "organisation_id": "uuid",
    "position": "bigint",
    "body": "bytea",
    "leaf": "bytea",
}
NODE = {"organisation_id": "uuid", "level": "smallint", "index": "bigint", "hash": "bytea"}
ROLL = {"id": "uuid", "organisation_id": "uuid", "size": "integer", "salt": "bytea"}
ROLL_PART = {
    "id": "uuid",
    "organisation_id": "uuid",
    "roll_id": "uuid",
    "number": "integer",
    "first": "text",
    "last": "text",
    "names": "bytea",
    "root": "bytea",
}


def hex_id(connection: Any) -> str:
    """The SQL for the column `id` as 32 hex digits: how SQLite stores it, and bodies spell it."""
    return "replace(id::text, '-', '')" if connection.vendor == "postgresql" else "id"


def insert(
    connection: Any, table: str, columns: Mapping[str, str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert `rows`, each in the order of `columns` (name to PostgreSQL type).

    A UUID is given as 32 hex digits, which both databases take. PostgreSQL gets one statement
    over arrays, because COPY is refused on a table with row-level security.
    """
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.vendor == "postgresql" and len(rows) > 1:
        # Bytes go as they are; written out in text they would be twice as long.
        arrays = ", ".join(
            f"{'%b' if kind == 'bytea' else '%s'}::{kind}[]" for kind in columns.values()
        )
        statements.run(
            connection,
            f"INSERT INTO {table} ({names}) SELECT * FROM unnest({arrays})",  # noqa: S608 - names are ours
            [list(column) for column in zip(*rows, strict=True)],
        )
        return
    marks = ", ".join(["%s"] * len(columns))
    text = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
    if len(rows) == 1:
        statements.run(connection, text, rows[0])
        return
    statements.run_many(connection, text, rows)
