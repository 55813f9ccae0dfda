"""A company with invoices and rights, on SQLite and on PostgreSQL, and people who ask it."""

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
from troth.core.actors import Actor  # noqa: E402
from troth.core.gate import uses  # noqa: E402
from troth.core.gate.collecting import collect  # noqa: E402
from troth.core.notices.publish import publish  # noqa: E402
from troth.core.organisations.models import Organisation  # noqa: E402
from troth.core.organisations.scope import scope  # noqa: E402
from troth.core.people.models import Person  # noqa: E402
from troth.core.people.records import Given  # noqa: E402
from troth.core.rights import api as rights  # noqa: E402

POLICY = (Path(__file__).parent / "policy.toml").read_text("utf-8")
WORKER = Actor.system("worker")
EMAIL, NAME, MESSAGE = "user.contact.email", "user.name", "user.content.private"
FORM, SHOP = "forms.contact", "billing.checkout"


@dataclass(frozen=True)
class Company:
    """An organisation in scope, its databases, and what people do there."""

    organisation: Organisation
    folder: Path
    urls: tuple[str, str]

    def gives(self, at: str, *given: tuple[str, str]) -> Person:
        """Somebody gives values, by category, at a touchpoint."""
        items = [Given(category.rpartition(".")[2], category, text) for category, text in given]
        data = [item.category for item in items]
        with (
            transaction.atomic(),
            collect(actor=Actor.visitor(), touchpoint=at, data=data) as point,
        ):
            person = point.person(items)
            point.hold(person, items)
        return person

    def writes(
        self, address: str, message: str = "Where is my boat?", name: str = "Ada Marsh"
    ) -> Person:
        return self.gives(FORM, (NAME, name), (EMAIL, address), (MESSAGE, message))

    def buys(self, address: str) -> Person:
        return self.gives(
            SHOP,
            (NAME, "Ada Invoice"),
            (EMAIL, address),
            ("user.contact.address", "1 Quay Street"),
            ("user.payment", "token-4711"),
        )

    def tells_the_yard(self, person: Person) -> None:
        with uses.use(actor=WORKER, purpose="repair", person=person, data=[NAME], to="yard"):
            pass


def asked(kind: str, person: Person, **content: Any) -> rights.Request:
    """A request of somebody who is logged in, and lets it go on."""
    me = Actor("person", person.ref, person_id=person.pk)
    request = rights.ask(
        kind, actor=me, way="account", person=person, content=rights.Content(**content)
    )
    rights.approve(request, actor=me)
    return request


def done(kind: str, person: Person, **content: Any) -> rights.Request:
    return rights.fulfil(asked(kind, person, **content), actor=WORKER)


@pytest.fixture(scope="session")
def sqlite_pair(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    folder = tmp_path_factory.mktemp("rights")
    with django_db_blocker.unblock():
        copy_migrated(tmp_path_factory, folder)
    return folder


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def company(
    request: pytest.FixtureRequest, tmp_path: Path, django_db_blocker: Any
) -> Iterator[Company]:
    if request.param == "sqlite":
        pair = request.getfixturevalue("sqlite_pair")
        files = [tmp_path / name for name in ("main.sqlite3", "keyring.sqlite3")]
        for file in files:
            shutil.copyfile(pair / file.name, file)
        urls = (f"sqlite:///{files[0]}", f"sqlite:///{files[1]}")
    else:
        urls = request.getfixturevalue("new_postgres_pair")()
    with django_db_blocker.unblock(), using(*urls):
        organisation = Organisation.objects.create(slug="harbour", name="Harbour Repairs")
        with scope(organisation):
            publish(POLICY, actor=WORKER)
            yield Company(organisation, tmp_path, urls)
