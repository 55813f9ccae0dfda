from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from connect.shops import Shop, fill, opened
from support.mariadb import mariadb_server  # noqa: F401 - a fixture

ENGINES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres), "mariadb"]


@pytest.fixture(params=ENGINES)
def empty_shop(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """An empty outside database; a test with it runs on every engine."""
    if request.param == "sqlite":
        path = tmp_path / "shop.sqlite3"
        path.touch()
        url = f"sqlite:///{path}"
    elif request.param == "postgres":
        server = request.getfixturevalue("postgres_server")
        url = server.create_database(f"shop_{uuid4().hex[:12]}")
        split = urlsplit(url)
        url = f"postgres://troth@/{split.path[1:]}?host={server.folder}"
    else:
        url = request.getfixturevalue("mariadb_server").create_database()
    engine = opened(url)
    yield Shop(url, engine)
    engine.dispose()


@pytest.fixture
def shop(empty_shop: Shop) -> Shop:
    fill(empty_shop)
    return empty_shop


@pytest.fixture
def lite_shop(tmp_path: Path) -> Any:
    """The filled shop on SQLite alone, where engines make no difference."""
    path = tmp_path / "lite.sqlite3"
    path.touch()
    made = Shop(f"sqlite:///{path}", opened(f"sqlite:///{path}"))
    fill(made)
    yield made
    made.engine.dispose()
