"""Connections as the installation keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from connect.shops import ADA, DESCRIPTION, Shop, subject
from troth.core.actors import Actor
from troth.core.connect import adding
from troth.core.connect.models import Connection
from troth.core.connect.providing import connected
from troth.core.connect.secrets import password
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.core.rights.sources import SourceMissing, sources

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])
CLI = Actor.system("cli")
FAR = "postgres://reader:hunter2xyz@127.0.0.1:1/shop"


@pytest.fixture
def company() -> Iterator[Organisation]:
    made = Organisation.objects.create(slug="outside", name="Outside")
    with scope(made):
        yield made


def test_a_connection_is_a_source_like_any_other(company: Organisation, lite_shop: Shop) -> None:
    row = adding.add("shop", lite_shop.url, DESCRIPTION, actor=CLI)
    assert [one.key for one in adding.check(row) if one.stops != "nothing"] == []
    assert row.state == Connection.State.READY
    assert "shop" in [one.key for one in sources()]
    (source,) = connected()
    assert ADA in {str(one.value).lower() for one in source.found(subject())}
    adding.remove(row, actor=CLI)
    assert list(connected()) == []


def test_a_password_stands_nowhere_in_clear(company: Organisation) -> None:
    row = adding.add("far", FAR, DESCRIPTION, actor=CLI)
    assert password(row) == "hunter2xyz"
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT * FROM connect_connection")
        assert b"hunter2xyz" not in repr([bytes(c) if isinstance(c, memoryview) else c
                                          for c in cursor.fetchone()]).encode()  # fmt: skip
    with pytest.raises(SourceMissing) as missing:
        adding.check(row)
    assert row.state == Connection.State.UNREACHABLE
    assert "hunter2xyz" not in str(missing.value) + row.address
    assert missing.value.__cause__ is None
    moved = adding.add("other", "postgres://reader@127.0.0.1:1/shop", DESCRIPTION, actor=CLI)
    moved.secret = row.secret
    with pytest.raises(SourceMissing, match="does not open"):
        password(moved)


def test_a_password_comes_from_a_file_or_the_environment(
    company: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    for place in (f"file:{tmp_path / 'secret'}", "env:SHOP_PASSWORD"):
        row = adding.add("far", FAR, DESCRIPTION, actor=CLI, secret_from=place)
        assert row.secret is None
    with pytest.raises(SourceMissing, match="env SHOP_PASSWORD"):
        password(row)
    monkeypatch.setenv("SHOP_PASSWORD", "from outside")
    assert password(row) == "from outside"


def test_annotated_models_are_the_hosts_and_reach_no_other_organisation(
    tmp_path: Path, settings: Any
) -> None:
    host = Organisation.objects.create(slug="host", name="Host", is_host=True)
    guest = Organisation.objects.create(slug="guest", name="Guest")
    file = tmp_path / "staff.yml"
    file.write_text(
        "models:\n  accounts.SignIn:\n    about: self\n    identity: {id: email}\n"
        "    fields: {id: user.contact.email}\n"
    )
    settings.TROTH_ANNOTATIONS = [str(file)]
    with scope(host):
        assert [source.key for source in connected()] == ["staff"]
    with scope(guest):
        assert list(connected()) == []
