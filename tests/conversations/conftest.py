"""Comm100 with a desk, two members of the staff and a queue, on SQLite and on PostgreSQL.

Most tests run on SQLite; mark one with `BOTH` where the databases differ.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import django
import pytest
from django.db import connections

django.setup()  # this file may be read before pytest-django does it

from conversations.company import FILES, STAFF, Company, furnish  # noqa: E402
from support.databases import copy_migrated, using  # noqa: E402
from troth.core.notices.publish import publish  # noqa: E402
from troth.core.organisations.models import Organisation  # noqa: E402
from troth.core.organisations.scope import scope  # noqa: E402

POLICIES = Path(__file__).resolve().parents[2] / "policies"


def _urls(folder: Path) -> tuple[str, str]:
    main, keyring = (f"sqlite:///{folder / name}" for name in FILES)
    return main, keyring


def _found(company: str) -> Organisation:
    organisation = Organisation.objects.create(
        slug=company, name=company.title(), host=f"{company}.localhost"
    )
    with scope(organisation):
        publish((POLICIES / f"{company}.toml").read_text("utf-8"), actor=STAFF)
        furnish()
    return organisation


@pytest.fixture(scope="session")
def desk_files(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    """The company as every test finds it, made once."""
    folder = tmp_path_factory.mktemp("conversations")
    with django_db_blocker.unblock():
        copy_migrated(tmp_path_factory, folder)
        with using(*_urls(folder)):
            _found("comm100")
            for alias in ("default", "keyring"):
                with connections[alias].cursor() as cursor:
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.fixture
def company(
    request: pytest.FixtureRequest, tmp_path: Path, settings: Any, django_db_blocker: Any
) -> Iterator[Company]:
    """Comm100, in scope. `BOTH` runs a test on PostgreSQL too."""
    settings.SECURE_SSL_REDIRECT = False
    with django_db_blocker.unblock():
        if getattr(request, "param", "sqlite") == "sqlite":
            for name in FILES:
                shutil.copyfile(request.getfixturevalue("desk_files") / name, tmp_path / name)
            urls, made = _urls(tmp_path), True
        else:
            urls, made = request.getfixturevalue("new_postgres_pair")(), False
        with using(*urls):
            organisation = Organisation.objects.get() if made else _found("comm100")
            with scope(organisation):
                yield Company(organisation, urls)


@pytest.fixture
def beside(company: Company) -> Callable[[str], AbstractContextManager[Company]]:
    """Another company on the same installation, in scope until the end of the block."""

    @contextmanager
    def found(slug: str) -> Iterator[Company]:
        organisation = _found(slug)
        with scope(organisation):
            yield Company(organisation, company.urls)

    return found
