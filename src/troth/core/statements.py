"""Statements whose text stays the same from call to call, on the shortest way to the database.

On PostgreSQL Django puts values into the text of a statement itself, so that the server reads and
plans each anew. Here values go beside the text, and the server plans it once a connection (where
the connection's option ``prepare_threshold`` is set, as the hub's settings do). On both databases
the driver is called directly, unless somebody wants to see the statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from troth.core.organisations import rls

Row = Sequence[Any]


def run(connection: Any, text: str, values: Row, *, walled: bool = True) -> list[Any]:
    """Execute one statement; its rows, or none. Raises Django's database errors.

    `walled` is false for tables that belong to no organisation: the database need not hear then
    for which one the code works.
    """
    if not _plain(connection):
        with _cursor(connection) as cursor:
            cursor.execute(text, values)
            return cursor.fetchall() if cursor.description else []
    found: list[Any]
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            found = connection.connection.execute(_marked(text), values).fetchall()
            return found
        if walled:
            rls.announce(connection)
        cursor = _kept(connection)
        cursor.execute(text, values, prepare=True)
        # Where no rows came there is no number of the next; a description is costly to make.
        return [] if cursor.rownumber is None else cursor.fetchall()


def run_many(connection: Any, text: str, rows: Sequence[Row]) -> None:
    """Execute one statement for each of `rows`."""
    if connection.vendor == "sqlite" and _plain(connection):
        with connection.wrap_database_errors:
            connection.connection.executemany(_marked(text), rows)
        return
    with _cursor(connection) as cursor:
        cursor.executemany(text, rows)


def _plain(connection: Any) -> bool:
    """Whether the driver may be called past the wrappers, since they would do nothing else."""
    usual = rls.WRAPPERS if connection.vendor == "postgresql" else []
    if connection.execute_wrappers != usual or connection.force_debug_cursor:
        return False
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    return True


@lru_cache(maxsize=256)
def _marked(text: str) -> str:
    return text.replace("%s", "?")


def _kept(connection: Any) -> Any:
    """A cursor of psycopg's own kind, one for all statements: making it takes half as long as one
    statement does.
    """
    found = getattr(connection, "troth_cursor", None)
    if found is None or found.connection is not connection.connection:
        from psycopg import Cursor  # noqa: PLC0415 - SQLite does without

        found = connection.troth_cursor = Cursor(connection.connection)
    return found


def _cursor(connection: Any) -> Any:
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql import base  # noqa: PLC0415 - SQLite does without

    connection.ensure_connection()
    made: Any = base.ServerBindingCursor  # its stub knows no arguments
    found = made(connection.connection)
    return connection._prepare_cursor(found)  # noqa: SLF001 - as `connection.cursor()` does
