"""Comm100's site in this process, on database files of the test's own, with a real mail server."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import django
import pytest
from django.db import connections

django.setup()  # this file may be read before pytest-django does it

from accounts.customers import Customer, Mail  # noqa: E402
from support.databases import copy_migrated, using  # noqa: E402
from support.mail import Mailbox  # noqa: E402
from support.postgres import PostgresServer  # noqa: E402
from troth.core.actors import Actor  # noqa: E402
from troth.core.notices.publish import publish  # noqa: E402
from troth.core.organisations.models import Organisation  # noqa: E402
from troth.core.organisations.scope import scope  # noqa: E402
from troth.hub.setup import migrate  # noqa: E402
from troth.kit.mail import transport  # noqa: E402
from troth.kit.outbox.api import Message  # noqa: E402
from troth.kit.outbox.delivery import deliver_message  # noqa: E402

POLICIES = Path(__file__).resolve().parents[2] / "policies"
Post = Callable[[], list[Mail]]


@dataclass(frozen=True)
class Company:
    """The organisation in scope, and the folder that holds everything it stored."""

    organisation: Organisation
    folder: Path


PARTS = ("main", "keyring")


def _new(server: PostgresServer | None, folder: Path) -> list[str]:
    """The addresses of two empty databases."""
    if server is None:
        return [f"sqlite:///{folder / part}.sqlite3" for part in PARTS]
    return [server.create_database(f"{folder.name}-{part}") for part in PARTS]


@contextmanager
def _empty(
    server: PostgresServer | None, folder: Path, folders: pytest.TempPathFactory
) -> Iterator[None]:
    """Have Django work on two migrated databases without a row."""
    if server is None:
        copy_migrated(folders, folder)
    with using(*_new(server, folder)):
        if server is not None:
            migrate(skip_checks=True)
        yield


def _copy(server: PostgresServer | None, template: Path, folder: Path) -> list[str]:
    """The addresses of copies of the two databases that were made for `template`."""
    if server is None:
        for part in PARTS:
            shutil.copyfile(template / f"{part}.sqlite3", folder / f"{part}.sqlite3")
        return _new(None, folder)
    found = []
    for part in PARTS:
        name = uuid4().hex
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template.name}-{part}" OWNER troth')
        found.append(server.url(name))
    return found


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> PostgresServer | None:
    """The server of the databases, where the tests run on PostgreSQL."""
    asked = os.environ.get("TROTH_TEST_ENGINE") == "postgres"
    return request.getfixturevalue("postgres_server") if asked else None


@pytest.fixture(scope="session")
def made(
    tmp_path_factory: pytest.TempPathFactory,
    server: PostgresServer | None,
    django_db_blocker: Any,
) -> Callable[[str], Path]:
    """Databases with a company's policy published, made once for each company."""
    folders: dict[str, Path] = {}

    def make(company: str) -> Path:
        if company not in folders:
            folder = folders[company] = tmp_path_factory.mktemp(company)
            with django_db_blocker.unblock(), _empty(server, folder, tmp_path_factory):
                organisation = Organisation.objects.create(slug=company, name=company.title())
                with scope(organisation):
                    source = (POLICIES / f"{company}.toml").read_text("utf-8")
                    publish(source, actor=Actor.system("cli"))
                for alias in ("default", "keyring") if server is None else ():
                    with connections[alias].cursor() as cursor:
                        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return folders[company]

    return make


@pytest.fixture
def company(
    request: pytest.FixtureRequest,
    made: Callable[[str], Path],
    server: PostgresServer | None,
    tmp_path: Path,
    settings: Any,
    django_db_blocker: Any,
) -> Iterator[Company]:
    """Comm100, or the company the test names with an indirect parameter."""
    template = made(getattr(request, "param", "comm100"))
    addresses = _copy(server, template, tmp_path)
    settings.SECURE_SSL_REDIRECT = False
    with django_db_blocker.unblock(), using(*addresses):
        organisation = Organisation.objects.get()
        with scope(organisation):
            yield Company(organisation, tmp_path)


@pytest.fixture
def post(company: Company, smtp: Mailbox, settings: Any) -> Iterator[Post]:
    """Delivers what is queued, over SMTP, and returns what arrived since the last call."""
    settings.EMAIL_PORT = smtp.port
    transport.cache_clear()
    read = 0

    def deliver() -> list[Mail]:
        nonlocal read
        for pk in (
            Message.objects.filter(state="queued").order_by("id").values_list("pk", flat=True)
        ):
            deliver_message(pk)
        new, read = smtp.received[read:], len(smtp.received)
        return [
            Mail(one.recipients[0], str(one.message["Subject"]),
                 one.message.get_body(("plain",)).get_content())
            for one in new
        ]  # fmt: skip

    yield deliver
    transport().close()
    transport.cache_clear()


@pytest.fixture
def customer(company: Company) -> Customer:
    """Somebody who has no account yet."""
    return Customer()


@pytest.fixture
def new_account(company: Company, post: Post) -> Callable[[], Customer]:
    """People who have registered, confirmed and are logged in."""

    def make() -> Customer:
        found = Customer()
        assert found.register().status_code == 302
        link = post()[0].link("confirm")
        answer = found.browser.post(link, {"password": found.password})
        assert answer.status_code == 302
        post()
        return found

    return make


@pytest.fixture
def ada(new_account: Callable[[], Customer]) -> Customer:
    """A customer with an account, logged in."""
    return new_account()
