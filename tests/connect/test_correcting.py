"""Correction and retention in outside databases."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from connect.shops import ADA, DESCRIPTION, Shop, database, subject
from troth.core.connect import aging
from troth.core.rights.sources import SourceInvalid
from troth.policy.periods import Period

NEW = "N'w \\ 🦉 %s"


def test_a_correction_reaches_her_fields_and_nobody_elses(shop: Shop) -> None:
    source, changes = (
        database(shop, DESCRIPTION),
        {"user.name": NEW, "user.contact.email": "new@x.example"},
    )
    assert [one.field for one in source.plan("correction", subject(), changes)] == ["name", "email"]
    assert source.run("correct", "correction", subject(), changes) == 1
    assert shop.rows("SELECT email, name FROM customer ORDER BY id")[1] == (
        "new@x.example",
        NEW,
    )
    assert shop.rows("SELECT name FROM customer ORDER BY id")[0] == ("Bob",)
    assert source.check("correction", subject(), changes) == []
    assert source.run("correct", "correction", subject(), changes) == 0


WRONG = {
    "customer.name": ("user.name", "n" * 41),
    "customer.id": ("user.unique_id", "7"),
    "": ("user.demographic.date_of_birth", "never"),
}


def test_a_value_that_does_not_fit_is_refused(shop: Shop) -> None:
    before, source = shop.text(), database(shop, DESCRIPTION)
    for place, (category, value) in WRONG.items():
        if not place and shop.engine.dialect.name == "sqlite":
            continue  # SQLite takes any text for a date
        with pytest.raises(SourceInvalid) as refused:
            source.run("correct", "correction", subject(), {category: value})
        assert place in str(refused.value)
        assert value not in str(refused.value) or len(value) < 3
    assert shop.text() == before


def test_rows_older_than_the_policy_keeps_them_are_emptied(shop: Shop) -> None:
    keep = SimpleNamespace(clause="12", period=Period.parse("2 years"), then="erase")
    rules: Any = SimpleNamespace(
        keep=lambda name, *_: keep if name == "user.content.private" else None,
        policy=SimpleNamespace(company=SimpleNamespace(calendar="")),
    )
    shop.put("orders", {"id": 12, "customer_id": 1, "note": "new", "placed": "2021-12-01 00:00:00"})
    source, now = database(shop, DESCRIPTION), datetime(2022, 6, 1, tzinfo=UTC)
    assert [(one.table, one.rows) for one in aging.preview(source, rules, now)] == [("orders", 1)]
    assert aging.run(source, rules, now) == 1
    assert aging.run(source, rules, now) == 0
    assert shop.rows("SELECT note FROM orders ORDER BY id") == [(None,), ("for Bob",), ("new",)]
    assert ADA.split("@")[0] in shop.text().lower()
