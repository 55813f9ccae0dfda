"""A new installation's tables are made at once; they are those that the migrations make."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

SQLITE = """
    SELECT m.type, m.name, m.tbl_name, c.name, c.type, c."notnull", c.dflt_value, c.pk
    FROM sqlite_master m LEFT JOIN pragma_table_xinfo(m.name) c
"""
POSTGRES = [
    """
    SELECT table_name, column_name, data_type, character_maximum_length, is_nullable,
           column_default, is_identity
    FROM information_schema.columns WHERE table_schema = 'public'
    """,
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint",
    "SELECT tablename, policyname, qual, with_check FROM pg_policies",
    """
    SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal
    """,
    """
    SELECT relname, relpersistence, relrowsecurity, relforcerowsecurity
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
    """,
]
APPLIED = "SELECT app, name FROM django_migrations"
MIGRATE = """
from django.core.management import call_command
from django.core.management.commands.migrate import Command
from troth.hub.setup import start
start(new=True)
call_command(Command(), verbosity=0)
"""


@pytest.mark.django_db
def test_what_is_made_at_once_is_what_the_migrations_make(tmp_path: Path) -> None:
    settings = {"TROTH_HOME": str(tmp_path)}
    if connection.vendor == "postgresql":
        settings |= {"DATABASE_URL": _empty_database()}
    subprocess.run([sys.executable, "-c", MIGRATE], env=os.environ | settings, check=True)
    with _opened(settings) as migrated, connection.cursor() as made:
        for statement in [*(POSTGRES if "DATABASE_URL" in settings else [SQLITE]), APPLIED]:
            made.execute(statement)
            expected = set(migrated.execute(statement).fetchall())
            assert len(expected) > 1
            assert set(made.fetchall()) == expected


def _empty_database() -> str:
    """One beside that of the tests; it goes with their server."""
    beside = os.environ["DATABASE_URL"]
    name = f"migrated_{uuid4().hex[:12]}"
    with psycopg.connect(beside, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"{beside.rpartition('/')[0]}/{name}"


def _opened(settings: dict[str, str]) -> Any:
    if "DATABASE_URL" in settings:
        return psycopg.connect(settings["DATABASE_URL"])
    return sqlite3.connect(Path(settings["TROTH_HOME"]) / "main.sqlite3")
