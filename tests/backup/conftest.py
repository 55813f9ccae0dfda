"""A company on SQLite and on PostgreSQL whose installation is a folder of the test's own."""

from __future__ import annotations

from pathlib import Path

import django
import pytest
from django.conf import settings

django.setup()  # this file may be read before pytest-django does it

from campaigns.crowd import crowd  # noqa: E402
from core.conftest import Company, company, sqlite_pair  # noqa: E402
from support.postgres import binaries  # noqa: E402
from troth.core.keyring import store  # noqa: E402
from troth.hub.home import Home  # noqa: E402

__all__ = ["company", "crowd", "sqlite_pair"]


@pytest.fixture
def home(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    found = Home(tmp_path)
    monkeypatch.setattr(settings, "HOME", found)
    monkeypatch.setenv("TROTH_PG_BIN", str(binaries()))
    (tmp_path / "secret.key").write_text("signs")
    store.forget_singles()
    return found
