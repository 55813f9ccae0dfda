"""New rows into the database with one statement a model, prepared once.

`save()` and `bulk_create()` work the statement out again for every call, which for a form's two
dozen rows takes longer than all the rest. Here each field still prepares its own value, so that
rows keep to their organisation and values are sealed; signals and parents' tables are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.db import connections, models, router


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model, which have their ids already. Raises what the database raises."""
    if not rows:
        return
    model = type(rows[0])
    alias = router.db_for_write(model)
    connection = connections[alias]
    fields = model._meta.local_concrete_fields
    values = [
        [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_statement(model, alias), values)
    for row in rows:
        row._state.adding, row._state.db = False, alias


@cache
def _statement(model: type[models.Model], alias: str) -> str:
    quote = connections[alias].ops.quote_name
    columns = [quote(str(field.column)) for field in model._meta.local_concrete_fields]
    marks = ", ".join(["%s"] * len(columns))
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - ours
