"""`migrate`, which makes the tables of an empty database at once."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import DEFAULT_DB_ALIAS

from troth.hub.creating import create_tables

ONLY_LOOKS = ("plan", "check_unapplied", "fake", "fake_initial", "prune")


class Command(Migrate):
    """Django's own, after the tables of a new installation are made (`hub/creating.py`)."""

    def handle(self, *args: Any, **options: Any) -> None:
        whole = options["app_label"] is None and not any(map(options.get, ONLY_LOOKS))
        if whole and options["database"] == DEFAULT_DB_ALIAS:
            create_tables()
        super().handle(*args, **options)
