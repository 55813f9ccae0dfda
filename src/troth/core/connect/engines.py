"""Engines for outside databases: pooled, bounded in time, and never echoing a statement."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine

PATIENCE: Final = 5
"""Seconds to wait for a connection or a lock."""
LONGEST: Final = 60
"""Seconds that one statement may take."""
SCHEMES: Final = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",
    "mysql+pymysql": "mysql+pymysql",
    "mariadb+pymysql": "mysql+pymysql",
    "sqlite": "sqlite",
}


@lru_cache(maxsize=64)
def engine(url: URL) -> Engine:
    """The engine for an address; one a process, whose connections are kept and tried before use."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    options: dict[str, Any] = {"connect_timeout": PATIENCE}
    if url.get_backend_name() == "postgresql":
        limits = f"-c statement_timeout={LONGEST * 1000} -c lock_timeout={PATIENCE * 1000}"
        options |= {"options": limits, "client_encoding": "utf8"}
    else:
        options |= {"read_timeout": LONGEST, "write_timeout": LONGEST, "charset": "utf8mb4"}
        options["init_command"] = (
            f"SET SESSION innodb_lock_wait_timeout={PATIENCE}, sql_mode='STRICT_ALL_TABLES'"
        )
    return sa.create_engine(
        url,
        connect_args=options,
        pool_size=2,
        max_overflow=2,
        pool_pre_ping=True,
        pool_recycle=600,
        hide_parameters=True,
        isolation_level="REPEATABLE READ",
    )


def _sqlite(url: URL) -> Engine:
    """A file that is there already: a wrong path must fail rather than make an empty database."""

    def connect() -> sqlite3.Connection:
        from urllib.parse import quote  # noqa: PLC0415

        path = f"file:{quote(url.database or '')}?mode=rw"
        found = sqlite3.connect(path, uri=True, timeout=PATIENCE, check_same_thread=False)
        found.isolation_level = None
        found.execute("PRAGMA foreign_keys=ON")
        found.execute("PRAGMA secure_delete=ON")
        return found

    made = sa.create_engine(
        "sqlite://", creator=connect, poolclass=sa.pool.NullPool, hide_parameters=True
    )
    _begin_ourselves(made)
    return made


def memory() -> Engine:
    """A database in memory, for what is no database: a folder of CSV files."""
    made = sa.create_engine(
        "sqlite://",
        poolclass=sa.pool.StaticPool,
        connect_args={"check_same_thread": False, "isolation_level": None},
        hide_parameters=True,
    )
    _begin_ourselves(made)
    return made


def _begin_ourselves(made: Engine) -> None:
    """Have SQLite begin where we say, and at once for writing, so that no lock is upgraded."""

    @event.listens_for(made, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("troth_begin", "BEGIN"))


@contextmanager
def reading(made: Engine) -> Iterator[Connection]:
    """A transaction that only looks."""
    with made.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(made: Engine) -> Iterator[Connection]:
    """A transaction that may change; SQLite takes its lock now."""
    with made.connect() as plain:
        connection = plain.execution_options(troth_begin="BEGIN IMMEDIATE")
        with connection.begin():
            yield connection
