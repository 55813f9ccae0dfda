"""Each test of the ledger runs on SQLite and on PostgreSQL, in a database of its own: real files
and servers, so that threads, processes and an attacker meet what they would meet in earnest.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import django
import pytest
from django.core.management import call_command
from django.db import connections

django.setup()  # this file may be read before pytest-django does it

from ledger.places import Ledger, Place, register_acts  # noqa: E402
from support.databases import using  # noqa: E402
from support.postgres import PostgresServer  # noqa: E402
from troth.core.organisations.models import Organisation  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def _acts() -> None:
    register_acts()


@pytest.fixture(scope="session")
def keyring_file(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> str:
    path = tmp_path_factory.mktemp("ledger") / "keyring.sqlite3"
    url = f"sqlite:///{path}"
    with django_db_blocker.unblock(), using("sqlite:///:memory:", url):
        call_command("migrate", "keyring", database="keyring", verbosity=0, skip_checks=True)
    return url


@pytest.fixture(scope="session")
def sqlite_template(
    tmp_path_factory: pytest.TempPathFactory, keyring_file: str, django_db_blocker: Any
) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "template.sqlite3"
    with django_db_blocker.unblock(), using(f"sqlite:///{path}", keyring_file):
        call_command("migrate", "ledger", verbosity=0, skip_checks=True)
        with connections["default"].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: PostgresServer, keyring_file: str, django_db_blocker: Any
) -> str:
    url = postgres_server.create_database("ledger_template")
    with django_db_blocker.unblock(), using(url, keyring_file):
        call_command("migrate", "ledger", verbosity=0, skip_checks=True)
    return "ledger_template"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, keyring_file: str, django_db_blocker: Any
) -> Iterator[Place]:
    """An empty database with the ledger's tables, in force for the test."""
    server: PostgresServer | None = None
    if request.param == "sqlite":
        path = tmp_path / "main.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        url = f"sqlite:///{path}"
    else:
        template = request.getfixturevalue("postgres_template")
        server = request.getfixturevalue("postgres_server")
        name = f"ledger_{uuid4().hex[:12]}"
        server.execute(f"CREATE DATABASE {name} OWNER troth TEMPLATE {template}")
        url = server.url(name)
    with django_db_blocker.unblock(), using(url, keyring_file):
        yield Place(url, keyring_file, server)


@pytest.fixture
def new_ledger(place: Place) -> Callable[[], Ledger]:
    def make() -> Ledger:
        name = f"company-{uuid4().hex[:8]}"
        return Ledger(Organisation.objects.create(slug=name, name=name), place)

    return make


@pytest.fixture
def ledger(new_ledger: Callable[[], Ledger]) -> Ledger:
    return new_ledger()
