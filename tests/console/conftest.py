"""Two companies on one installation, in this process, on database files of the test's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.db import connections, transaction
from django.test import Client

django.setup()  # this file may be read before pytest-django does it

from console.cast import Colleague, Company, Customer  # noqa: E402
from support.databases import copy_migrated, using  # noqa: E402
from support.seeded import Seed  # noqa: E402
from troth.channels.accounts import sign_ins  # noqa: E402
from troth.channels.accounts.api import User, register_staff  # noqa: E402
from troth.channels.accounts.devices import Device  # noqa: E402
from troth.channels.accounts.middleware import SESSION_MARK  # noqa: E402
from troth.core.actors import Actor  # noqa: E402
from troth.core.gate.collecting import collect  # noqa: E402
from troth.core.ledger.api import sequence  # noqa: E402
from troth.core.notices.publish import publish  # noqa: E402
from troth.core.notices.versions import current  # noqa: E402
from troth.core.organisations.models import Organisation  # noqa: E402
from troth.core.organisations.scope import scope  # noqa: E402
from troth.core.people.models import Person  # noqa: E402
from troth.core.people.records import Given  # noqa: E402
from troth.core.staff.members import make_standard_roles  # noqa: E402
from troth.core.staff.models import Membership  # noqa: E402

POLICIES = Path(__file__).resolve().parents[2] / "policies"
COMPANIES = ("comm100", "comindware")
ROLES = {"owner": "Owner", "agent": "Agent", "marketing": "Marketing", "auditor": "Auditor",
         "newcomer": "Agent"}  # fmt: skip
BACKEND = "troth.channels.accounts.backends.SealedAddressBackend"
FILES = ("main.sqlite3", "keyring.sqlite3")
CUSTOMERS = 3
SYSTEM = Actor.system("cli")


def writes(seed: Seed, touchpoint: str = "forms.contact") -> Person:
    """Somebody sends a form."""
    given = [
        Given("name", "user.name", seed.name),
        Given("email", "user.contact.email", seed.email),
        Given("message", "user.content.private", seed.message),
    ]
    asked = {field.category for field in current().rules.touchpoints[touchpoint].fields}
    given = [item for item in given if item.category in asked]
    data = [item.category for item in given]
    with (
        transaction.atomic(),
        collect(actor=Actor.visitor(), touchpoint=touchpoint, data=data) as collecting,
    ):
        person = collecting.person(given)
        collecting.hold(person, given)
    return person


def hold(person: Person, seed: Seed, touchpoint: str) -> None:
    """The same human gives their address at one more place."""
    given = Given("email", "user.contact.email", seed.email)
    with (
        transaction.atomic(),
        collect(actor=SYSTEM, touchpoint=touchpoint, data=[given.category]) as collecting,
    ):
        collecting.hold(person, [given])


def _staff() -> None:
    purposes = {key: one.use for key, one in current().rules.purposes.items()}
    roles = make_standard_roles(purposes)
    for name, role in ROLES.items():
        register_staff(
            SYSTEM, name.title(), f"{name}@staff.example", roles[role],
            password="six geese a-laying eggs", undertaken=name != "newcomer",
        )  # fmt: skip


SEEDS = {slug: [Seed.new() for _ in range(CUSTOMERS)] for slug in COMPANIES}


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    """Both companies as every test finds them, made once."""
    folder = tmp_path_factory.mktemp("console")
    with django_db_blocker.unblock():
        copy_migrated(tmp_path_factory, folder)
    with django_db_blocker.unblock(), using(*(f"sqlite:///{folder / name}" for name in FILES)):
        for slug in COMPANIES:
            organisation = Organisation.objects.create(
                slug=slug, name=slug.title(), host=f"{slug}.localhost"
            )
            with scope(organisation):
                publish((POLICIES / f"{slug}.toml").read_text("utf-8"), actor=SYSTEM)
                _staff()
                for seed in SEEDS[slug]:
                    writes(seed)
        sequence()
        for alias in ("default", "keyring"):
            with connections[alias].cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.fixture
def companies(
    template: Path, tmp_path: Path, settings: Any, django_db_blocker: Any
) -> Iterator[Callable[[str], Company]]:
    """Find a company by its short name."""
    for name in FILES:
        shutil.copyfile(template / name, tmp_path / name)
    settings.SECURE_SSL_REDIRECT = False
    with django_db_blocker.unblock(), using(*(f"sqlite:///{tmp_path / name}" for name in FILES)):
        yield _company


def _log_in(browser: Client, user: User) -> None:
    """A session as the log-in page begins it, without the time a password takes."""
    browser.force_login(user, BACKEND)
    session = browser.session
    begun = sign_ins.begin(
        user, Device("Firefox", "127.0.0.0/16"), actor=SYSTEM, session_key=session.session_key
    )
    session[SESSION_MARK] = str(begun.pk)
    session.save()


def _company(slug: str) -> Company:
    organisation = Organisation.objects.get(slug=slug)
    with scope(organisation):
        members = Membership.objects.select_related("user").order_by("id")
        staff = {}
        for name, member in zip(ROLES, members, strict=True):
            browser = Client(headers={"host": f"{slug}.localhost"}, raise_request_exception=False)
            _log_in(browser, member.user)
            staff[name] = Colleague(browser, member.ref)
        ours = Person.objects.exclude(users__isnull=False).order_by("id")
        customers = [Customer(s, p) for s, p in zip(SEEDS[slug], ours, strict=True)]
    return Company(organisation, staff, customers)


@pytest.fixture
def comm100(companies: Callable[[str], Company]) -> Iterator[Company]:
    """Comm100, in scope."""
    found = companies("comm100")
    with scope(found.organisation):
        yield found
