"""A company in this process whose customers ask about their data, and its staff."""

from __future__ import annotations

import html
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
import pytest
from django.core.management import call_command
from django.db import connections, transaction
from django.test import Client

django.setup()  # this file may be read before pytest-django does it

from support.databases import PAIR, copy_migrated, using  # noqa: E402
from support.mail import Mailbox  # noqa: E402
from support.seeded import Seed  # noqa: E402
from troth.channels.accounts import sign_ins  # noqa: E402
from troth.channels.accounts.api import User, create_user, register_staff  # noqa: E402
from troth.channels.accounts.devices import Device  # noqa: E402
from troth.channels.accounts.middleware import SESSION_MARK  # noqa: E402
from troth.core.actors import Actor  # noqa: E402
from troth.core.gate.collecting import collect  # noqa: E402
from troth.core.notices.publish import publish  # noqa: E402
from troth.core.notices.versions import current  # noqa: E402
from troth.core.organisations.models import Organisation  # noqa: E402
from troth.core.organisations.scope import scope  # noqa: E402
from troth.core.people.models import Person  # noqa: E402
from troth.core.people.records import Given  # noqa: E402
from troth.core.rights.models import Request  # noqa: E402
from troth.core.staff.members import make_standard_roles  # noqa: E402
from troth.core.staff.models import Membership  # noqa: E402
from troth.kit.mail import transport  # noqa: E402

POLICY = Path(__file__).resolve().parents[2] / "policies" / "comm100.toml"
SYSTEM = Actor.system("cli")
PASSWORD = "seven otters under a bridge"
BACKEND = "troth.channels.accounts.backends.SealedAddressBackend"
SEEDS = [Seed.new() for _ in range(3)]
STAFF = {"owner": "Owner", "auditor": "Auditor"}


def words(answer: Any) -> str:
    """The text a person reads."""
    bare = re.sub(
        r"<(script|style|svg|head).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL
    )
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


@dataclass
class Mails:
    """What arrives at the mail server."""

    mailbox: Mailbox
    read: int = 0

    def new(self) -> list[tuple[str, str, str]]:
        """To whom, subject and text of each mail since the last call, once all work is done."""
        work()
        found = self.mailbox.received[self.read :]
        self.read = len(self.mailbox.received)
        return [
            (
                one.recipients[0],
                str(one.message["Subject"]),
                " ".join(one.message.get_body(("plain",)).get_content().split()),
            )
            for one in found
        ]

    def one(self) -> tuple[str, str, str]:
        (found,) = self.new()
        return found


def link(text: str, part: str) -> str:
    """The path of the link to a page in a mail."""
    joined = re.sub(r"=\n|\s+", " ", text)
    found = [u for u in re.findall(r"https?://[^\s>)\]]+", joined) if f"/rights/{part}" in u]
    assert found, f"no link to {part} in:\n{text}"
    return urlsplit(found[0]).path


def work() -> None:
    """What the worker does until nothing is ready."""
    call_command(
        "db_worker", batch=True, interval=0, startup_delay=False, verbosity=0, reload=False
    )


@dataclass
class Customer:
    """Somebody with an account, logged in."""

    seed: Seed
    person: Person
    browser: Client


@dataclass
class Company:
    """The company in scope."""

    organisation: Organisation
    folder: Path
    staff: dict[str, Client] = field(default_factory=dict)
    customers: list[Customer] = field(default_factory=list)

    @property
    def newest(self) -> Request:
        """The request that came in last."""
        found = Request.objects.order_by("-pk").first()
        assert found is not None
        return found


def visitor() -> Client:
    return Client(raise_request_exception=False)


def writes(seed: Seed) -> Person:
    """Somebody sends the contact form."""
    given = [
        Given("name", "user.name", seed.name),
        Given("email", "user.contact.email", seed.email),
        Given("message", "user.content.private", seed.message),
    ]
    asked = {one.category for one in current().rules.touchpoints["forms.contact"].fields}
    given = [item for item in given if item.category in asked]
    data = [item.category for item in given]
    with (
        transaction.atomic(),
        collect(actor=Actor.visitor(), touchpoint="forms.contact", data=data) as collecting,
    ):
        person = collecting.person(given)
        collecting.hold(person, given)
    return person


def _populate() -> None:
    organisation = Organisation.objects.create(slug="comm100", name="Comm100")
    with scope(organisation):
        publish(POLICY.read_text("utf-8"), actor=SYSTEM)
        purposes = {key: one.use for key, one in current().rules.purposes.items()}
        roles = make_standard_roles(purposes)
        for name, role in STAFF.items():
            register_staff(
                SYSTEM, name.title(), f"{name}@staff.example", roles[role],
                password=PASSWORD, undertaken=True,
            )  # fmt: skip
        for seed in SEEDS:
            create_user(writes(seed), PASSWORD)


@pytest.fixture(scope="session")
def template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Callable[[Path], tuple[str, str]]:
    """Put databases with the company, its staff and customers into a folder: made once."""
    if os.environ.get("TROTH_TEST_ENGINE") == "postgres":
        server = request.getfixturevalue("postgres_server")
        pair = request.getfixturevalue("new_postgres_pair")()
        with django_db_blocker.unblock(), using(*pair):
            _populate()
        names = [url.rpartition("/")[2] for url in pair]

        def copy(_: Path) -> tuple[str, str]:
            main, keyring = (server.copy_database(name) for name in names)
            return main, keyring

        return copy
    made = tmp_path_factory.mktemp("askers")
    with django_db_blocker.unblock():
        copy_migrated(tmp_path_factory, made)
        with using(*(f"sqlite:///{made / name}" for name in PAIR)):
            _populate()
            for alias in ("default", "keyring"):
                with connections[alias].cursor() as cursor:
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def duplicate(folder: Path) -> tuple[str, str]:
        for name in PAIR:
            shutil.copyfile(made / name, folder / name)
        main, keyring = (f"sqlite:///{folder / name}" for name in PAIR)
        return main, keyring

    return duplicate


def _log_in(browser: Client, user: User) -> Client:
    """A session as the log-in page begins it, without the time a password takes."""
    browser.force_login(user, BACKEND)
    session = browser.session
    begun = sign_ins.begin(
        user, Device("Firefox", "127.0.0.0/16"), actor=SYSTEM, session_key=session.session_key
    )
    session[SESSION_MARK] = str(begun.pk)
    session.save()
    return browser


@pytest.fixture
def company(
    template: Callable[[Path], tuple[str, str]],
    tmp_path: Path,
    settings: Any,
    django_db_blocker: Any,
) -> Iterator[Company]:
    """Comm100 with an owner, an auditor and three customers."""
    settings.SECURE_SSL_REDIRECT = False
    options = {**settings.HOME.options, "links_per_hour": "1000"}
    settings.HOME = replace(settings.HOME, options=options)
    with django_db_blocker.unblock(), using(*template(tmp_path)):
        organisation = Organisation.objects.get()
        with scope(organisation):
            found = Company(organisation, tmp_path)
            members = Membership.objects.select_related("user").order_by("id")
            for name, member in zip(STAFF, members, strict=True):
                found.staff[name] = _log_in(visitor(), member.user)
            users = User.objects.exclude(memberships__isnull=False).select_related("person")
            for seed, user in zip(SEEDS, users.order_by("person_id"), strict=True):
                browser = _log_in(visitor(), user)
                found.customers.append(Customer(seed, user.person.root, browser))
            yield found


@pytest.fixture
def mails(company: Company, smtp: Mailbox, settings: Any) -> Iterator[Mails]:
    settings.EMAIL_PORT = smtp.port
    transport.cache_clear()
    yield Mails(smtp)
    transport().close()
    transport.cache_clear()


@pytest.fixture
def ada(company: Company) -> Customer:
    return company.customers[0]


@pytest.fixture
def owner(company: Company) -> Client:
    return company.staff["owner"]
