from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from forms.visitor import Visitor
from support.installations import ENGINES, Installation, Site, served
from support.mail import Mailbox


@pytest.fixture(scope="session", params=ENGINES)
def contact_site(
    request: pytest.FixtureRequest, make_installation: Callable[..., Installation]
) -> Iterator[Site]:
    """Comm100's site with a throttle that leaves room for many tests, on either database."""
    made = make_installation(engine=request.param, TROTH_FORMS_PER_MINUTE="1000")
    with served(made, "web", "worker", workers=2) as site:
        yield site


@pytest.fixture
def visitor(contact_site: Site) -> Visitor:
    return Visitor(contact_site)


@pytest.fixture
def rows(contact_site: Site) -> Callable[[str], int]:
    """How many rows a table of the main database has."""

    def count(table: str) -> int:
        statement = f"SELECT count(*) FROM {table}"
        if contact_site.engine == "sqlite":
            with sqlite3.connect(contact_site.home / "main.sqlite3") as database:
                return int(database.execute(statement).fetchone()[0])
        url = contact_site.environment["DATABASE_URL"]
        with psycopg.connect(url) as database:
            database.execute("SELECT set_config('troth.scope', '*', false)")
            row: Any = database.execute(statement).fetchone()
            return int(row[0])

    return count


@pytest.fixture
def mailing_site(
    make_installation: Callable[..., Installation], smtp: Mailbox
) -> Iterator[Callable[[str], Site]]:
    """Serve a company whose mail goes to the test's mail server."""
    running = []

    def serve(company: str) -> Site:
        made = make_installation(company=company, TROTH_SMTP_PORT=str(smtp.port))
        context = served(made, "web", "worker")
        running.append(context)
        return context.__enter__()

    yield serve
    for context in running:
        context.__exit__(None, None, None)
