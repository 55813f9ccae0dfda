"""A company's site in this process, on either database, and browsers that look at it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import django
import pytest
from django.test import Client

django.setup()  # this file may be read before pytest-django does it

from support.databases import copy_migrated, using  # noqa: E402
from troth.channels.web.models import Tally  # noqa: E402
from troth.core import clock  # noqa: E402
from troth.core.actors import Actor  # noqa: E402
from troth.core.notices.publish import publish  # noqa: E402
from troth.core.notices.versions import current  # noqa: E402
from troth.core.organisations.models import Organisation  # noqa: E402
from troth.core.organisations.scope import scope  # noqa: E402

POLICIES = Path(__file__).resolve().parents[2] / "policies"
FILES = ("main.sqlite3", "keyring.sqlite3")
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SYSTEM = Actor.system("cli")


@dataclass
class Browser:
    """One browser: its address, what it says of itself, its cookies."""

    client: Client = field(default_factory=Client)
    address: str = "198.51.100.7"
    agent: str = FIREFOX

    def accept(self) -> Browser:
        """Say yes to statistics, as the page of cookies has it kept."""
        today = clock.now().date()
        value = f"{today:%Y%m%d}~analytics~{current().version}"
        self.client.cookies["troth_cookies"] = value
        return self

    def report(self, *pages: str, **told: Any) -> Any:
        names = {name.replace("_", "-"): value for name, value in told.items()}
        return self.send(json.dumps({"pages": list(pages)} | names))

    def send(self, body: str | bytes, **headers: str) -> Any:
        return self.client.post(
            "/web/report", body, content_type="text/plain", secure=True, **self._of(headers)
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, secure=True, **self._of(headers))

    def _of(self, headers: dict[str, str]) -> Any:
        sent = {"User-Agent": self.agent, "Accept-Language": "de-AT,de;q=0.8"} | headers
        return {"headers": sent, "REMOTE_ADDR": self.address}


@dataclass
class Site:
    """The organisation in scope."""

    organisation: Organisation

    def browser(self, at: int = 7, *, agent: str = FIREFOX, yes: bool = False) -> Browser:
        found = Browser(address=f"198.51.{at}.7", agent=agent)
        return found.accept() if yes else found

    def tally(self, dimension: str = "", value: str = "", page: str = "") -> tuple[int, int, int]:
        """Views, visits and visitors of today."""
        rows = Tally.objects.filter(span="day", dimension=dimension, value=value, page=page)
        found = rows.filter(source="visit").first()
        return (found.views, found.visits, found.visitors) if found else (0, 0, 0)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    folder = tmp_path_factory.mktemp("web")
    with django_db_blocker.unblock():
        copy_migrated(tmp_path_factory, folder)
    return folder


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def open_site(
    request: pytest.FixtureRequest, tmp_path: Path, migrated: Path, django_db_blocker: Any
) -> Callable[..., Any]:
    """Open the site of a company, on an empty database of the test's own."""

    @contextmanager
    def opening(company: str) -> Iterator[Site]:
        if request.param == "sqlite":
            for name in FILES:
                shutil.copyfile(migrated / name, tmp_path / name)
            urls = tuple(f"sqlite:///{tmp_path / name}" for name in FILES)
        else:
            urls = request.getfixturevalue("new_postgres_pair")()
        with django_db_blocker.unblock(), using(*urls):
            organisation = Organisation.objects.create(slug=company, name=company.title())
            with scope(organisation):
                publish((POLICIES / f"{company}.toml").read_text("utf-8"), actor=SYSTEM)
                yield Site(organisation)

    return opening
