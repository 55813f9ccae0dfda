"""A shop's database on each engine: related tables, several people, awkward values and names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from troth.core.connect import engines
from troth.core.connect.database import Database
from troth.core.connect.dataset import read
from troth.core.rights.sources import Subject

ADA = "ada@customers.example"
BOB = "bob@customers.example"
ODD = "O'Ha\"ra; DROP TABLE customer;-- 🦉 \\ %s :x"


@dataclass
class Shop:
    """One database, looked at past the software under test."""

    url: str
    engine: sa.Engine

    def do(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

    def put(self, table: str, *rows: Mapping[str, Any]) -> None:
        for row in rows:
            cells = sa.table(table, *(sa.column(name) for name in row))
            with self.engine.begin() as connection:
                connection.execute(sa.insert(cells).values(dict(row)))

    def text(self) -> str:
        """Everything in it, as one text to search."""
        found = sa.MetaData()
        found.reflect(self.engine)
        with self.engine.connect() as connection:
            return repr([list(connection.execute(sa.select(t))) for t in found.sorted_tables])


def database(shop: Shop, description: str, key: str = "shop") -> Database:
    return Database(key, "The shop", read(description), lambda: shop.engine)


def subject(*emails: str, **more: str) -> Subject:
    identifiers = {"user.contact.email": emails or (ADA,)}
    identifiers |= {name.replace("__", "."): (value,) for name, value in more.items()}
    return Subject(uuid4(), None, "", identifiers)


def opened(url: str) -> sa.Engine:
    return engines.engine(address(url))


def address(url: str) -> sa.URL:
    made = sa.make_url(url.replace("postgres://", "postgresql://", 1))
    return made.set(drivername=engines.SCHEMES[made.drivername])


TABLES = (
    "CREATE TABLE address (id integer PRIMARY KEY, street varchar(80), city varchar(40))",
    (
        "CREATE TABLE customer (id integer PRIMARY KEY, email varchar(120) NOT NULL UNIQUE,"
        " name varchar(60) NOT NULL, born date, address_id integer REFERENCES address(id),"
        " referred_by integer REFERENCES customer(id))"
    ),
    (
        "CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer NOT NULL"
        " REFERENCES customer(id), ship_to integer REFERENCES address(id), note text,"
        " placed timestamp NULL)"
    ),
    (
        "CREATE TABLE order_item (order_id integer NOT NULL REFERENCES orders(id),"
        " line integer NOT NULL, engraving varchar(40) NOT NULL, quantity integer,"
        " PRIMARY KEY (order_id, line))"
    ),
    (
        "CREATE TABLE message (id integer PRIMARY KEY, sender integer REFERENCES customer(id),"
        " recipient integer REFERENCES customer(id), body text)"
    ),
    (
        "CREATE TABLE login (id integer PRIMARY KEY, customer_id integer REFERENCES customer(id),"
        " ip varchar(45))"
    ),
)
DESCRIPTION = """
dataset:
  - fides_key: shop
    name: The shop
    collections:
      - name: address
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: True}}
          - {name: street, data_categories: [user.contact.address.street]}
          - {name: city, data_categories: [user.contact.address.city]}
      - name: customer
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: True}}
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {identity: email, data_type: string}
          - {name: name, data_categories: [user.name], fides_meta: {data_type: string, length: 40}}
          - {name: born, data_categories: [user.demographic.date_of_birth]}
          - name: address_id
            data_categories: [system.operations]
            fidesops_meta:
              references: [{dataset: shop, field: address.id, direction: to}]
          - name: referred_by
            data_categories: [system.operations]
            fides_meta: {references: [{dataset: shop, field: customer.id, direction: to}]}
      - name: orders
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: True}}
          - name: customer_id
            data_categories: [user.unique_id]
            fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}
          - name: ship_to
            fides_meta: {references: [{dataset: shop, field: address.id, direction: to}]}
          - {name: note, data_categories: [user.content.private]}
          - {name: placed, data_categories: [system.operations]}
        troth: {age: placed}
      - name: order_item
        fields:
          - name: order_id
            fides_meta:
              primary_key: True
              references: [{dataset: shop, field: orders.id, direction: from}]
          - {name: line, fides_meta: {primary_key: True}}
          - {name: engraving, data_categories: [user.content.private]}
      - name: message
        fields:
          - {name: id, fides_meta: {primary_key: True}}
          - name: sender
            data_categories: [user.unique_id]
            fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}
          - name: recipient
            data_categories: [user.unique_id]
            fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}
          - {name: body, data_categories: [user.content.private]}
      - name: login
        fides_meta: {masking_strategy_override: {strategy: delete}}
        fields:
          - {name: id, fides_meta: {primary_key: True}}
          - name: customer_id
            data_categories: [user.unique_id]
            fides_meta: {references: [{dataset: shop, field: customer.id, direction: from}]}
          - {name: ip, data_categories: [user.device.ip_address]}
"""


ROWS: dict[str, list[dict[str, Any]]] = {
    "address": [
        {"id": 1, "street": "1 Ada Street", "city": "Adaville"},
        {"id": 2, "street": "2 Home Road", "city": "Bothtown"},
    ],
    "customer": [
        {"id": 1, "email": BOB, "name": "Bob", "address_id": 2},
        {
            "id": 2,
            "email": "Ada@Customers.example",
            "name": ODD,
            "born": "1815-12-10",
            "address_id": 1,
            "referred_by": 1,
        },
        {"id": 3, "email": "cy@customers.example", "name": "Cy", "referred_by": 2},
    ],
    "orders": [
        {"id": 10, "customer_id": 2, "ship_to": 2, "note": ODD, "placed": "2020-01-02 03:04:05"},
        {"id": 11, "customer_id": 1, "ship_to": 2, "note": "for Bob", "placed": None},
    ],
    "order_item": [
        {"order_id": 10, "line": 1, "engraving": "To Ada"},
        {"order_id": 11, "line": 1, "engraving": "To Bob"},
    ],
    "message": [
        {"id": 1, "sender": 2, "recipient": 1, "body": "Dear Bob"},
        {"id": 2, "sender": 2, "recipient": None, "body": "Dear shop, Ada here"},
    ],
    "login": [
        {"id": 1, "customer_id": 2, "ip": "192.0.2.7"},
        {"id": 2, "customer_id": 1, "ip": "192.0.2.8"},
    ],
}


def fill(shop: Shop) -> None:
    """Ada, Bob, what they share and what is theirs alone; in one transaction, for the time."""
    with shop.engine.begin() as connection:
        for statement in TABLES:
            connection.exec_driver_sql(statement)
        for table, rows in ROWS.items():
            for row in rows:
                cells = sa.table(table, *(sa.column(name) for name in row))
                connection.execute(sa.insert(cells).values(row))
