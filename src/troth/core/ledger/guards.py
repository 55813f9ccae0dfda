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
    # table: what numbers its rows within an organisation
    "ledger_entry": "position",
    "ledger_node": '"index"',
    "ledger_checkpoint": "size",
}
TABLES = (*APPEND_ONLY, "ledger_pending")
REFUSAL = "the ledger is append-only"
TOO_EARLY = "an act leaves the queue only when it is on the ledger"


def _sqlite() -> list[str]:
    def trigger(name: str, event: str, condition: str = "", message: str = REFUSAL) -> str:
        when = f"WHEN {condition} " if condition else ""
        return (
            f"CREATE TRIGGER {name} BEFORE {event} FOR EACH ROW {when}"
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )

    found = [trigger(f"{table}_no_update", f"UPDATE ON {table}") for table in TABLES]
    for table, number in APPEND_ONLY.items():
        found.append(trigger(f"{table}_no_delete", f"DELETE ON {table}"))
        # INSERT OR REPLACE removes a row without telling the trigger on DELETE.
        same = "AND level = NEW.level " if table == "ledger_node" else ""
        taken = (
            f"EXISTS (SELECT 1 FROM {table} WHERE organisation_id = NEW.organisation_id "  # noqa: S608
            f"{same}AND {number} >= NEW.{number}) "
            f"OR EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"
        )
        found.append(trigger(f"{table}_no_replace", f"INSERT ON {table}", taken))
    leaves = trigger(
        "ledger_pending_no_delete",
        "DELETE ON ledger_pending",
        "NOT EXISTS (SELECT 1 FROM ledger_entry WHERE ledger_entry.id = OLD.id)",
        TOO_EARLY,
    )
    return [*found, leaves]


def _postgresql() -> list[str]:
    raise_it = "RAISE EXCEPTION USING ERRCODE = 'integrity_constraint_violation', MESSAGE ="
    head, tail = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN", "END $$"
    # Asked once for all that leaves with a statement, since a batch is thousands. Each is looked up
    # by the index: the plan is kept, and may have been made when there were no entries yet.
    placed = "SELECT count(*) FROM ledger_entry WHERE ledger_entry.id = gone.id"
    waiting = f"SELECT FROM gone WHERE ({placed}) = 0"
    leave = f"IF EXISTS ({waiting}) THEN {raise_it} '{TOO_EARLY}'; END IF; RETURN NULL;"

    def trigger(name: str, event: str, *, each: str = "ROW", call: str = "ledger_refuse") -> str:
        return f"CREATE TRIGGER {name} BEFORE {event} FOR EACH {each} EXECUTE FUNCTION {call}()"

    found = [
        f"CREATE FUNCTION ledger_refuse() {head} {raise_it} '{REFUSAL}'; {tail}",
        f"CREATE FUNCTION ledger_leave() {head} {leave} {tail} SET enable_seqscan = off",
    ]
    for table in TABLES:
        events = "UPDATE OR DELETE" if table in APPEND_ONLY else "UPDATE"
        found.append(trigger(f"{table}_no_change", f"{events} ON {table}"))
        found.append(trigger(f"{table}_no_truncate", f"TRUNCATE ON {table}", each="STATEMENT"))
    leaves = (
        "CREATE TRIGGER ledger_pending_no_delete AFTER DELETE ON ledger_pending "
        "REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ledger_leave()"
    )
    return [*found, leaves]


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
        "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall() if name.startswith("ledger_")}


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
