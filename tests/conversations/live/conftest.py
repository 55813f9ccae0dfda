"""One company and one live process for each database, shared by the tests: each has chats of its
own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conversations.company import FILES, Company
from conversations.conftest import _found
from conversations.live.process import Live, at_home, served
from support.databases import using
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope


@pytest.fixture(scope="session")
def sqlite_live(desk_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp("live")
    for name in FILES:
        shutil.copyfile(desk_files / name, folder / name)
    main, keyring = (f"sqlite:///{folder / name}" for name in FILES)
    with served((main, keyring), folder) as running:
        yield running


@pytest.fixture(scope="session")
def postgres_live(
    new_postgres_pair: Callable[[], tuple[str, str]],
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: Any,
) -> Iterator[Live]:
    urls = new_postgres_pair()
    with django_db_blocker.unblock(), using(*urls):
        _found("comm100")
    with served(urls, tmp_path_factory.mktemp("live")) as running:
        yield running


@pytest.fixture
def live(request: pytest.FixtureRequest) -> Live:
    """A live process for the test's company; one that a test has ended is begun again."""
    engine = request.node.callspec.params.get("company", "sqlite") if named(request) else "sqlite"
    there: Live = request.getfixturevalue(f"{engine}_live")
    return there.begin()


def named(request: pytest.FixtureRequest) -> bool:
    return hasattr(request.node, "callspec")


@pytest.fixture
def company(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[Company]:
    """The company, in scope."""
    there: Live = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_live")
    with at_home(there.home), django_db_blocker.unblock(), using(*there.urls):
        organisation = Organisation.objects.get()
        with scope(organisation):
            yield Company(organisation, there.urls)


@pytest.fixture
def second_live(company: Company, tmp_path: Path) -> Iterator[Live]:
    """Another process beside it."""
    with served(company.urls, tmp_path) as running:
        yield running
