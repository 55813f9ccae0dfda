"""A new installation's tables are made at once; they are those that the migrations make."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection

from support.installations import Installation

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


@pytest.mark.django_db
def test_what_is_made_at_once_is_what_the_migrations_make(
    make_installation: Callable[..., Installation],
) -> None:
    engine = "postgres" if connection.vendor == "postgresql" else "sqlite"
    made = make_installation(engine=engine)
    statements = [*(POSTGRES if engine == "postgres" else [SQLITE]), APPLIED]
    opened: Any = (
        psycopg.connect(made.environment["DATABASE_URL"])
        if engine == "postgres"
        else sqlite3.connect(made.home / "main.sqlite3")
    )
    with opened, connection.cursor() as migrated:
        for statement in statements:
            migrated.execute(statement)
            expected = set(migrated.fetchall())
            assert len(expected) > 1
            assert set(opened.execute(statement).fetchall()) == expected
