"""A company that mails, on SQLite and on PostgreSQL, and a mail server it hands its mail to."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from django.db import transaction

django.setup()  # this file may be read before pytest-django does it

from campaigns.sink import Sink  # noqa: E402
from support.databases import copy_migrated, using  # noqa: E402
from troth.channels.campaigns import actions  # noqa: E402
from troth.channels.campaigns.models import Campaign  # noqa: E402
from troth.channels.campaigns.sending import process  # noqa: E402
from troth.core.actors import Actor  # noqa: E402
from troth.core.choices.deciding import choose  # noqa: E402
from troth.core.gate.collecting import collect  # noqa: E402
from troth.core.notices.publish import publish  # noqa: E402
from troth.core.organisations.models import Organisation  # noqa: E402
from troth.core.organisations.scope import scope  # noqa: E402
from troth.core.people.models import Person  # noqa: E402
from troth.core.people.records import Given  # noqa: E402
from troth.kit.mail.transport import transport  # noqa: E402

POLICY = (Path(__file__).parent / "policy.toml").read_text("utf-8")
STAFF = Actor.system("cli")
BODY = "Dear {{ name | friend }},\n\nthe **new pier** is [open](https://harbour.example/pier).\n"


@dataclass(frozen=True)
class Company:
    """An organisation in scope, with its policy published."""

    organisation: Organisation
    urls: tuple[str, str]

    def person(self, email: str, *, name: str = "Ada Marsh", at: str = "forms.contact") -> Person:
        """Somebody sends a form."""
        given = [Given("email", "user.contact.email", email)]
        if at == "forms.contact":
            given.append(Given("name", "user.name", name))
        data = [item.category for item in given]
        with (
            transaction.atomic(),
            collect(actor=Actor.visitor(), touchpoint=at, data=data) as point,
        ):
            person = point.person(given)
            point.hold(person, given)
        return person

    def people(self, count: int) -> list[Person]:
        return [self.person(f"p{n}@people.example", name=f"Person {n}") for n in range(count)]

    def says(self, person: Person, purpose: str, *, yes: bool) -> None:
        choose(person, actor=Actor.visitor(), purpose=purpose, yes=yes, way="tests")

    def campaign(self, **changes: Any) -> Campaign:
        """A campaign that is handed in and due now."""
        return actions.submit(self.draft(**changes), actor=STAFF)

    def draft(self, **changes: Any) -> Campaign:
        writing = {"name": "Pier", "purpose": "news", "subject": "The new pier", "body": BODY}
        return actions.write(actions.Writing(**{**writing, **changes}), actor=STAFF)


def send(*, rounds: int = 50) -> None:
    """Send what is due in this process, until nothing is."""
    with process.Journal() as journal:
        sender = process.Sender(journal)
        for _ in range(rounds):
            if not sender.round() and not sender.away:
                break
        sender.pipeline.close()


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    folder = tmp_path_factory.mktemp("campaigns")
    with django_db_blocker.unblock():
        copy_migrated(tmp_path_factory, folder)
    return folder


def _files(folder: Path) -> tuple[str, str]:
    return f"sqlite:///{folder / 'main.sqlite3'}", f"sqlite:///{folder / 'keyring.sqlite3'}"


def _databases(request: pytest.FixtureRequest, folder: Path) -> tuple[str, str]:
    if getattr(request, "param", "sqlite") == "sqlite":
        pair = request.getfixturevalue("sqlite_files")
        for name in ("main.sqlite3", "keyring.sqlite3"):
            shutil.copyfile(pair / name, folder / name)
        return _files(folder)
    urls: tuple[str, str] = request.getfixturevalue("new_postgres_pair")()
    return urls


BOTH = pytest.mark.parametrize(
    "company", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)
"""For tests of what the databases do differently; the others run on SQLite alone."""


@pytest.fixture
def company(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: Any
) -> Iterator[Company]:
    urls = _databases(request, tmp_path)
    with django_db_blocker.unblock(), using(*urls):
        organisation = Organisation.objects.create(slug="harbour", name="Harbour Repairs")
        with scope(organisation):
            publish(POLICY, actor=STAFF)
            yield Company(organisation, urls)


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """The mail server of the company; a test sets its script."""
    with Sink() as server:
        monkeypatch.setattr(settings, "EMAIL_HOST", "127.0.0.1")
        monkeypatch.setattr(settings, "EMAIL_PORT", server.port)
        monkeypatch.setattr(settings, "EMAIL_TIMEOUT", 2)
        transport.cache_clear()
        yield server
    transport.cache_clear()


@pytest.fixture(autouse=True)
def quiet_threads() -> Iterator[None]:
    """A thread that a test leaves behind would be another test's trouble."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if not thread.daemon:
            thread.join(5)
