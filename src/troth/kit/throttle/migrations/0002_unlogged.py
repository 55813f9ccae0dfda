"""Counts need not survive a crash, so that on PostgreSQL no request waits for the disk for one."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def _unlogged(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE throttle_count SET UNLOGGED")


def _logged(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE throttle_count SET LOGGED")


class Migration(migrations.Migration):
    dependencies = [("throttle", "0001_initial")]

    operations = [migrations.RunPython(_unlogged, _logged)]
