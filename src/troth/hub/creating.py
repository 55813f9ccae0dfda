"""The tables of a new installation, made from the models at once.

Django brings up all models that refer to a new one again for each that a migration makes; where
nearly all refer to people and organisations that takes five times as long. What stands in the end
is the same (a test compares the two), and the migrations are noted as applied.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, router
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation, ModelOperation

OURS = "troth."


def create_tables() -> None:
    """Make the tables of our own apps in the main database, if it is empty: all or none of them.

    Those of other projects come from their migrations, whose steps may need each other.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.introspection.table_names():
        return
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith(OURS)}
    executor = MigrationExecutor(connection)
    ends = executor.loader.graph.leaf_nodes()
    executor.migrate([end for end in ends if end[0] not in ours])
    executor = MigrationExecutor(connection)
    state = executor.loader.project_state(ends)
    with connection.schema_editor() as editor:
        for model in apps.get_models():
            own = model._meta.app_label in ours and model._meta.can_migrate(connection)
            if own and router.allow_migrate_model(connection.alias, model):
                editor.create_model(model)
        for migration, _ in executor.migration_plan(ends):
            for operation in _beyond_models(migration):
                operation.database_forwards(migration.app_label, editor, state, state)
            executor.recorder.record_applied(migration.app_label, migration.name)


def _beyond_models(migration: Migration) -> Iterator[Operation]:
    """What a migration does besides bringing the models about: guards, row-level security."""
    kinds = (ModelOperation, FieldOperation, IndexOperation)
    return (one for one in migration.operations if not isinstance(one, kinds))
