"""The search for seeded values finds them in every form that hides nothing."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Callable
from html import escape
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from support.seeded import Seed, assert_nowhere

FORMS: list[Callable[[str], bytes]] = [
    str.encode,
    lambda value: value.upper().encode() if value.isascii() else value.encode(),
    lambda value: value.encode("utf-16"),
    lambda value: value.encode().hex().upper().encode(),
    lambda value: quote(value, safe="").encode(),
    lambda value: quote_plus(value).encode(),
    lambda value: escape(value).encode(),
    lambda value: json.dumps({"value": value}).encode(),
    lambda value: base64.b64encode(b"x" + value.encode() + b"yz"),
    lambda value: base64.urlsafe_b64encode(b"xy" + value.encode()),
]


@pytest.mark.parametrize("form", FORMS)
def test_every_value_is_found_in_every_form(form: Callable[[str], bytes], tmp_path: Path) -> None:
    seed = Seed.new()
    for value in seed.values():
        (tmp_path / "some.log").write_bytes(b"before " + form(value) + b" after")
        with pytest.raises(AssertionError, match="personal values in clear"):
            assert_nowhere([value], tmp_path)


def test_a_value_is_found_in_a_database_file(tmp_path: Path) -> None:
    seed = Seed.new()
    with sqlite3.connect(tmp_path / "main.sqlite3") as database:
        database.execute("CREATE TABLE person (email text)")
        database.execute("INSERT INTO person VALUES (?)", [seed.email])
    database.close()
    with pytest.raises(AssertionError):
        assert_nowhere(seed.values(), tmp_path)


def test_a_clean_folder_passes(tmp_path: Path) -> None:
    (tmp_path / "some.log").write_text(" ".join(Seed.new().values()))
    assert_nowhere(Seed.new().values(), tmp_path)
