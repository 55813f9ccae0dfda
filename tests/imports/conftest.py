"""A company that takes lists, in this process, on database files of the test's own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.db import connections
from django.test import Client

django.setup()  # this file may be read before pytest-django does it

from imports.desk import Desk  # noqa: E402
from support.databases import copy_migrated, using  # noqa: E402
from support.mail import Mailbox  # noqa: E402
from troth.channels.accounts import sign_ins  # noqa: E402
from troth.channels.accounts.api import register_staff  # noqa: E402
from troth.channels.accounts.devices import Device  # noqa: E402
from troth.channels.accounts.middleware import SESSION_MARK  # noqa: E402
from troth.core.actors import Actor  # noqa: E402
from troth.core.ledger.api import sequence  # noqa: E402
from troth.core.notices.publish import publish  # noqa: E402
from troth.core.notices.versions import current  # noqa: E402
from troth.core.organisations.models import Organisation  # noqa: E402
from troth.core.organisations.scope import scope  # noqa: E402
from troth.core.staff.members import make_standard_roles  # noqa: E402
from troth.core.staff.models import Membership  # noqa: E402
from troth.kit.mail.transport import transport  # noqa: E402

POLICIES = Path(__file__).resolve().parents[2] / "policies"
FILES = ("main.sqlite3", "keyring.sqlite3")
SYSTEM = Actor.system("cli")
BACKEND = "troth.channels.accounts.backends.SealedAddressBackend"


def policy(*changes: tuple[str, str]) -> str:
    text = (POLICIES / "comintech.toml").read_text("utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


def make_company(slug: str, text: str) -> None:
    """A company with an owner and an agent, in the databases of the moment."""
    made = Organisation.objects.create(slug=slug, name=slug.title(), host=f"{slug}.localhost")
    with scope(made):
        publish(text, actor=SYSTEM)
        roles = make_standard_roles({k: one.use for k, one in current().rules.purposes.items()})
        for role in ("Owner", "Agent"):
            register_staff(
                SYSTEM, role, f"{role}@staff.example".lower(), roles[role],
                password="six geese a-laying eggs", undertaken=True,
            )  # fmt: skip


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    """Two companies with their staff, made once: one takes lists, one does not."""
    folder = tmp_path_factory.mktemp("imports")
    with django_db_blocker.unblock():
        copy_migrated(tmp_path_factory, folder)
    with django_db_blocker.unblock(), using(*(f"sqlite:///{folder / name}" for name in FILES)):
        make_company("comintech", policy())
        make_company("com1", (POLICIES / "com1.toml").read_text("utf-8"))
        sequence()  # makes the signing key, which processes keep in memory, the same for all
        for alias in ("default", "keyring"):
            with connections[alias].cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path, settings: Any, django_db_blocker: Any) -> Iterator[Path]:
    """Where the databases of this test are."""
    for name in FILES:
        shutil.copyfile(template / name, tmp_path / name)
    settings.SECURE_SSL_REDIRECT = False
    with django_db_blocker.unblock(), using(*(f"sqlite:///{tmp_path / name}" for name in FILES)):
        yield tmp_path


def at_desk(slug: str, role: str = "Owner") -> Desk:
    """A member of the staff of a company, at their browser."""
    organisation = Organisation.objects.get(slug=slug)
    browser = Client(headers={"host": f"{slug}.localhost"}, raise_request_exception=False)
    with scope(organisation):
        user = Membership.objects.select_related("user").get(role__name=role).user
        browser.force_login(user, BACKEND)
        session = browser.session
        begun = sign_ins.begin(
            user, Device("Firefox", "127.0.0.0/16"), actor=SYSTEM,
            session_key=session.session_key,
        )  # fmt: skip
        session[SESSION_MARK] = str(begun.pk)
        session.save()
    return Desk(browser, organisation)


@pytest.fixture
def desk_of(folder: Path) -> Callable[..., Desk]:
    """Others than the owner of Comintech."""
    return at_desk


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    """The owner of Comintech, in scope."""
    made = at_desk("comintech")
    with scope(made.organisation):
        yield made


@pytest.fixture
def mail(smtp: Mailbox, settings: Any) -> Iterator[Mailbox]:
    """A mail server that the worker of this test delivers to."""
    settings.EMAIL_PORT = smtp.port
    transport.cache_clear()
    yield smtp
    transport().close()
    transport.cache_clear()
