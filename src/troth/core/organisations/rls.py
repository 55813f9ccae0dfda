"""Row-level security: on PostgreSQL the database itself keeps organisations apart.

The policy compares each row's organisation with the session setting ``troth.scope``. An execute
wrapper sets that setting whenever the scope of the running code differs from what the connection
last heard, so that a query written by hand is held as well as one from the ORM.

The wall binds the table's owner (FORCE), yet never a superuser: the application must connect as an
ordinary role, and a system check says so when it does not.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import router
from django.db.backends.signals import connection_created
from django.db.migrations.operations.base import Operation

from troth.core.organisations.scope import Everywhere, current_scope

EVERYWHERE = "*"


def _wanted() -> str:
    found = current_scope()
    if isinstance(found, UUID):
        return str(found)
    return EVERYWHERE if isinstance(found, Everywhere) else ""


def announce(connection: Any) -> None:
    """Tell PostgreSQL for which organisation the code works, if it heard another last."""
    wanted = _wanted()
    if getattr(connection, "troth_scope", None) != wanted:
        with connection.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('troth.scope', %s, false)", [wanted])
        connection.troth_scope = wanted


def _announce_scope(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    connection = context["connection"]
    announce(connection)
    try:
        return execute(sql, params, many, context)
    finally:
        if sql.startswith("ROLLBACK TO"):
            connection.troth_scope = None


WRAPPERS = [_announce_scope]


def _on_connect(connection: Any, **_: Any) -> None:
    if connection.vendor != "postgresql":
        return
    connection.troth_scope = None
    if _announce_scope in connection.execute_wrappers:
        return
    connection.execute_wrappers += WRAPPERS
    rollback = connection._rollback  # noqa: SLF001 - Django has no signal for it

    def forget_and_roll_back() -> Any:
        # PostgreSQL takes a setting made in a transaction back with the transaction.
        connection.troth_scope = None
        return rollback()

    connection._rollback = forget_and_roll_back  # noqa: SLF001


def connect() -> None:
    connection_created.connect(_on_connect, dispatch_uid="troth.rls")


class EnableRowSecurity(Operation):
    """Migration operation: rows of `table` are visible to their own organisation alone."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, column: str = "organisation_id") -> None:
        self.table, self.column = table, column

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, *_: Any) -> None:
        if not self._concerns(schema_editor.connection, app_label):
            return
        table, column = schema_editor.quote_name(self.table), schema_editor.quote_name(self.column)
        rule = (
            f"current_setting('troth.scope', true) = '{EVERYWHERE}' "
            f"OR {column}::text = current_setting('troth.scope', true)"
        )
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        schema_editor.execute(
            f"CREATE POLICY troth_scope ON {table} USING ({rule}) WITH CHECK ({rule})"
        )

    def database_backwards(self, app_label: str, schema_editor: Any, *_: Any) -> None:
        if not self._concerns(schema_editor.connection, app_label):
            return
        table = schema_editor.quote_name(self.table)
        schema_editor.execute(f"DROP POLICY troth_scope ON {table}")
        schema_editor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

    @staticmethod
    def _concerns(connection: Any, app_label: str) -> bool:
        # The keyring's database is migrated too, and has none of these tables.
        return connection.vendor == "postgresql" and router.allow_migrate(
            connection.alias, app_label
        )

    def describe(self) -> str:
        return f"Keep rows of {self.table} to their own organisation"
