"""Triggers by which the database itself refuses to change or remove what the ledger holds.

They stop a mistake and whoever has only SQL through the application. Whoever owns the database
file can drop them; that is what the tree and its checkpoints are for. On SQLite a migration that
rebuilds one of these tables drops its triggers: such a migration ends with `Install` again.
"""

from __future__ import annotations

from typing import Any

from django.db import router
from django.db.migrations.operations.base import Operation

APPEND_ONLY = {
    # table: when an insert would overwrite (SQLite's REPLACE fires no delete trigger)
    "ledger_entry": "id = NEW.id OR (organisation_id = NEW.organisation_id AND position >= NEW.position)",
    "ledger_node": 'id = NEW.id OR (organisation_id = NEW.organisation_id AND level = NEW.level AND "index" >= NEW."index")',
    "ledger_checkpoint": "id = NEW.id OR (organisation_id = NEW.organisation_id AND size >= NEW.size)",
}
TABLES = (*APPEND_ONLY, "ledger_pending")
REFUSAL = "the ledger is append-only"
TOO_EARLY = "an act leaves the queue only when it is on the ledger"
_SEQUENCED = "EXISTS (SELECT 1 FROM ledger_entry WHERE ledger_entry.id = OLD.id)"


def _sqlite() -> list[str]:
    def trigger(name: str, event: str, condition: str = "", message: str = REFUSAL) -> str:
        when = f"WHEN {condition} " if condition else ""
        return (
            f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW {when}"
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )

    found = [trigger(f"{table}_no_update", f"UPDATE ON {table}") for table in TABLES]
    for table, taken in APPEND_ONLY.items():
        found.append(trigger(f"{table}_no_delete", f"DELETE ON {table}"))
        exists = f"EXISTS (SELECT 1 FROM {table} WHERE {taken})"
        found.append(trigger(f"{table}_no_replace", f"INSERT ON {table}", exists))
    found.append(
        trigger(
            "ledger_pending_no_delete", "DELETE ON ledger_pending", f"NOT {_SEQUENCED}", TOO_EARLY
        )
    )
    return found


def _postgresql() -> list[str]:
    raise_it = "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE ="
    head, tail = "RETURNS trigger LANGUAGE plpgsql AS $$", "$$"
    found = [
        f"CREATE FUNCTION ledger_refuse() {head} BEGIN {raise_it} '{REFUSAL}'; END {tail}",
        f"CREATE FUNCTION ledger_leave() {head} BEGIN IF {_SEQUENCED} THEN RETURN OLD; END IF; "
        f"{raise_it} '{TOO_EARLY}'; END {tail}",
        "CREATE TRIGGER ledger_pending_no_delete BEFORE DELETE ON ledger_pending "
        "FOR EACH ROW EXECUTE FUNCTION ledger_leave()",
    ]
    for table in TABLES:
        events = "UPDATE OR DELETE" if table in APPEND_ONLY else "UPDATE"
        found += [
            f"CREATE TRIGGER {table}_no_change BEFORE {events} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION ledger_refuse()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
        ]
    return found


def statements(vendor: str) -> list[str]:
    """The SQL that makes the triggers, for `sqlite` or `postgresql`."""
    return {"sqlite": _sqlite, "postgresql": _postgresql}[vendor]()


def install(connection: Any) -> None:
    """Put the triggers in place."""
    with connection.cursor() as cursor:
        for statement in statements(connection.vendor):
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """Take the triggers away: to undo the migration, or to empty a test database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP FUNCTION IF EXISTS ledger_refuse, ledger_leave CASCADE")
            return
        for name in standing(connection):
            cursor.execute(f'DROP TRIGGER "{name}"')


def standing(connection: Any) -> set[str]:
    """The names of the triggers that are in place."""
    query = (
        "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'ledger\\_%%' AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'ledger\\_%%' ESCAPE '\\'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query.replace("%%", "%"))
        return {name for (name,) in cursor.fetchall()}


class Install(Operation):
    """Migration operation: put the triggers in place."""

    reversible = True
    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, *_: Any) -> None:
        connection = schema_editor.connection
        if router.allow_migrate(connection.alias, app_label):
            for statement in statements(connection.vendor):
                schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, *_: Any) -> None:
        if router.allow_migrate(schema_editor.connection.alias, app_label):
            remove(schema_editor.connection)

    def describe(self) -> str:
        return "Have the database refuse changes to the ledger"
