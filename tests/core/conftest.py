"""A company with a small policy, on SQLite and on PostgreSQL, each test in databases of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import pytest
from django.db import transaction

django.setup()  # this file may be read before pytest-django does it

from support.databases import copy_migrated, using  # noqa: E402
from support.postgres import PostgresServer  # noqa: E402
from troth.core.actors import Actor  # noqa: E402
from troth.core.gate.collecting import collect  # noqa: E402
from troth.core.notices.publish import publish  # noqa: E402
from troth.core.organisations.models import Organisation  # noqa: E402
from troth.core.organisations.scope import scope  # noqa: E402
from troth.core.people.models import Person  # noqa: E402
from troth.core.people.records import Given  # noqa: E402

POLICY = (Path(__file__).parent / "policy.toml").read_text("utf-8")
WORKER = Actor.system("worker")


@dataclass(frozen=True)
class Company:
    """An organisation in scope, with its first version published."""

    organisation: Organisation
    folder: Path
    server: PostgresServer | None
    database: str

    def publish(self, version: str, *changes: tuple[str, str]) -> None:
        """Another version: the text of the first with some of it replaced."""
        source = POLICY.replace('version = "1"', f'version = "{version}"')
        for old, new in changes:
            assert old in source
            source = source.replace(old, new)
        publish(source, actor=WORKER)

    def visitor_writes(self, email: str, *, name: str = "Ada Marsh", phone: str = "") -> Person:
        """Somebody sends the contact form."""
        given = [
            Given("name", "user.name", name),
            Given("email", "user.contact.email", email),
        ]
        if phone:
            given.append(Given("phone", "user.contact.phone_number", phone))
        with (
            transaction.atomic(),
            collect(
                actor=Actor.visitor(),
                touchpoint="forms.contact",
                data=[item.category for item in given],
            ) as open_point,
        ):
            person = open_point.person(given)
            open_point.hold(person, given)
        return person


@pytest.fixture(scope="session")
def sqlite_pair(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    folder = tmp_path_factory.mktemp("core")
    with django_db_blocker.unblock():
        copy_migrated(tmp_path_factory, folder)
    return folder


def _files(folder: Path) -> tuple[str, str]:
    return f"sqlite:///{folder / 'main.sqlite3'}", f"sqlite:///{folder / 'keyring.sqlite3'}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def company(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: Any
) -> Iterator[Company]:
    server: PostgresServer | None = None
    database = ""
    if request.param == "sqlite":
        pair = request.getfixturevalue("sqlite_pair")
        for name in ("main.sqlite3", "keyring.sqlite3"):
            shutil.copyfile(pair / name, tmp_path / name)
        urls = _files(tmp_path)
    else:
        server = request.getfixturevalue("postgres_server")
        urls = request.getfixturevalue("new_postgres_pair")()
        database = urls[0].rpartition("/")[2]
    with django_db_blocker.unblock(), using(*urls):
        organisation = Organisation.objects.create(slug="harbour", name="Harbour Repairs")
        with scope(organisation):
            found = Company(organisation, tmp_path, server, database)
            publish(POLICY, actor=WORKER)
            yield found
