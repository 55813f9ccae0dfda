"""Awkward names and values, shapes that go round, and keys of several columns."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from connect.shops import ADA, DESCRIPTION, ODD, Shop, database, fill, subject

NAMES = ("Order", "select", "größe \N{OHM SIGN}x", "a%sb", "x'y", "semi;colon", "two words")


def test_names_that_have_to_be_quoted(empty_shop: Shop) -> None:
    for name in NAMES:
        _quoted(empty_shop, name)


def _quoted(empty_shop: Shop, name: str) -> None:
    column = f"{name}!"
    table = sa.Table(
        sa.sql.quoted_name(name, quote=True),
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(80)),
        sa.Column(sa.sql.quoted_name(column, quote=True), sa.Text, key="cell"),
    )
    table.create(empty_shop.engine)
    with empty_shop.engine.begin() as connection:
        connection.execute(
            table.insert(),
            [
                {"id": 1, "email": ADA, "cell": ODD},
                {"id": 2, "email": "bob@x.example", "cell": "Bob's"},
            ],
        )
    text = json.dumps(
        ensure_ascii=False,
        obj={
            "dataset": [
                {
                    "fides_key": "s",
                    "collections": [
                        {
                            "name": name,
                            "fields": [
                                {"name": "id", "fides_meta": {"primary_key": True}},
                                {
                                    "name": "email",
                                    "data_categories": ["user.contact.email"],
                                    "fides_meta": {"identity": "email"},
                                },
                                {"name": column, "data_categories": ["user.content.private"]},
                            ],
                        }
                    ],
                }
            ]
        },
    )
    source = database(empty_shop, text)
    assert {one.value for one in source.found(subject())} == {ADA, ODD}
    assert source.run("erase", "deletion", subject(), {}) == 1
    assert source.check("deletion", subject(), {}) == []
    with empty_shop.engine.connect() as connection:
        assert list(connection.execute(sa.select(table.c.cell).order_by(table.c.id))) == [
            (None,),
            ("Bob's",),
        ]


def test_a_megabyte_and_hostile_identifiers(shop: Shop) -> None:
    big = "x" * 2**20 + ODD
    with shop.engine.begin() as connection:
        if shop.engine.dialect.name == "mysql":
            connection.exec_driver_sql("ALTER TABLE orders MODIFY note longtext")
        cells = sa.table("orders", sa.column("id"), sa.column("note"))
        connection.execute(sa.update(cells).where(cells.c.id == 10).values(note=big))
    source = database(shop, DESCRIPTION)
    assert big in {one.value for one in source.found(subject())}
    for hostile in ("' OR 1=1 --", "a\0b", "%", "🦉", "x" * 10_000, '"', "\\"):
        assert list(source.found(subject(hostile))) == []
        assert source.run("erase", "deletion", subject(hostile), {}) == 0
    assert source.run("erase", "deletion", subject(), {}) == 6
    assert shop.rows("SELECT note FROM orders WHERE id = 10") == [(None,)]


TREE = """
dataset:
  - fides_key: s
    collections:
      - name: person
        fides_meta: {masking_strategy_override: {strategy: delete}}
        fields:
          - {name: tenant, fides_meta: {primary_key: true}}
          - {name: id, fides_meta: {primary_key: true}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - name: best
            fides_meta: {references: [{dataset: s, field: post.id, direction: to}]}
      - name: post
        fides_meta: {masking_strategy_override: {strategy: delete}}
        fields:
          - {name: id, fides_meta: {primary_key: true}}
          - name: tenant
            fides_meta: {references: [{dataset: s, field: person.tenant, direction: from}]}
          - name: author
            fides_meta: {references: [{dataset: s, field: person.id, direction: from}]}
          - name: answers
            fides_meta: {references: [{dataset: s, field: post.id, direction: to}]}
          - {name: body, data_categories: [user.content.private]}
"""


def test_circles_self_references_and_a_key_of_two_columns(empty_shop: Shop) -> None:
    empty_shop.do(
        "CREATE TABLE person (tenant integer, id integer, email varchar(80), best integer,"
        " PRIMARY KEY (tenant, id))",
        "CREATE TABLE post (id integer PRIMARY KEY, tenant integer, author integer,"
        " answers integer REFERENCES post(id), body varchar(80),"
        " FOREIGN KEY (tenant, author) REFERENCES person(tenant, id))",
        "INSERT INTO person VALUES (1, 1, 'ada@customers.example', 2), (1, 2, 'bob@x.example', 3),"
        " (2, 1, 'cy@x.example', NULL)",
        "INSERT INTO post VALUES (1, 1, 1, NULL, 'hers'), (2, 1, 1, 1, 'hers too'),"
        " (3, 1, 2, NULL, 'his'), (4, 2, 1, NULL, 'of another tenant')",
    )
    if empty_shop.engine.dialect.name == "postgresql":
        empty_shop.do("ALTER TABLE person ADD FOREIGN KEY (best) REFERENCES post(id)")
    source = database(empty_shop, TREE)
    said = {one.value for one in source.found(subject())}
    assert said == {ADA, "hers", "hers too"}
    assert source.run("erase", "deletion", subject(), {}) == 3
    assert empty_shop.rows("SELECT body FROM post ORDER BY id") == [
        ("his",),
        ("of another tenant",),
    ]
    assert len(empty_shop.rows("SELECT * FROM person")) == 2


def test_a_natural_key_is_replaced_in_every_row(empty_shop: Shop) -> None:
    empty_shop.do(
        "CREATE TABLE visit (email varchar(80), day integer, page varchar(20) NOT NULL,"
        " PRIMARY KEY (email, day))",
        "INSERT INTO visit VALUES ('ada@customers.example', 1, '/me'),"
        " ('ada@customers.example', 2, '/me'), ('bob@x.example', 1, '/he')",
    )
    text = """
      dataset:
        - fides_key: s
          collections:
            - name: visit
              fields:
                - name: email
                  data_categories: [user.contact.email]
                  fides_meta: {identity: email}
                - {name: page, data_categories: [user.behavior.browsing_history]}
    """
    source = database(empty_shop, text)
    assert source.run("erase", "deletion", subject(), {}) == 2
    rows: Any = empty_shop.rows("SELECT email, page FROM visit ORDER BY page")
    assert rows[0] == ("bob@x.example", "/he")
    assert {row[1] for row in rows[1:]} == {"erased"}
    assert all(row[0].endswith("@erased.invalid") for row in rows[1:])
    assert len(rows) == 3


def test_more_rows_than_one_statement_takes(empty_shop: Shop) -> None:
    fill(empty_shop)
    table = sa.table("login", sa.column("id"), sa.column("customer_id"), sa.column("ip"))
    with empty_shop.engine.begin() as connection:
        connection.execute(
            sa.insert(table),
            [{"id": number, "customer_id": 2, "ip": "192.0.2.9"} for number in range(100, 4_600)],
        )
    source = database(empty_shop, DESCRIPTION)
    assert source.run("erase", "deletion", subject(), {}) == 4_506
    assert "192.0.2.9" not in empty_shop.text()
