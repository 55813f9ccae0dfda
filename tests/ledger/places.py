"""Ledgers in databases of their own, and the way of an attacker to them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.db import connections, transaction

from support.postgres import PostgresServer
from troth.core.ids import opaque_ref
from troth.core.ledger import api
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope

SENT = "test.sent"
READ = "test.read"


def register_acts() -> None:
    api.register(
        SENT,
        sentence="{actor} sent {data} with the form {form}",
        detail={"form": api.kinds.key, "number": api.kinds.integer},
    )
    api.register(READ, sentence="{actor} read your {data} for {purpose}")


@dataclass(frozen=True)
class Place:
    """Where a ledger is, and the way of an attacker to it, past the software."""

    url: str
    keyring: str
    server: PostgresServer | None

    def attack(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run SQL as somebody who owns the database, triggers out of the way; rows touched."""
        if self.server is None:
            return _on_file(Path(self.url.removeprefix("sqlite:///")), statement, values)
        return _on_server(self.server, self.url.rsplit("/", 1)[1], statement, values)


def _on_file(path: Path, statement: str, values: Sequence[Any]) -> int:
    connections["default"].close()
    database = sqlite3.connect(path, isolation_level=None)
    try:
        triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = triggers.fetchall()
        for name, _ in found:
            database.execute(f'DROP TRIGGER "{name}"')
        touched = database.execute(statement, values).rowcount
        for _, sql in found:  # an attacker would cover the tracks
            database.execute(sql)
        return touched
    finally:
        database.close()


def _on_server(server: PostgresServer, name: str, statement: str, values: Sequence[Any]) -> int:
    with psycopg.connect(host=str(server.folder), user="postgres", dbname=name) as database:
        database.execute("SET session_replication_role = replica")
        return database.execute(statement.replace("?", "%s").encode(), values).rowcount


@dataclass(frozen=True)
class Ledger:
    """One organisation with its ledger."""

    organisation: Organisation
    place: Place

    @property
    def id(self) -> UUID:
        return self.organisation.pk

    def record(self, count: int = 1, *, subject: str | None = None, **detail: object) -> list[UUID]:
        """Record acts, without giving them a place yet."""
        drafts = [
            api.Draft(
                act=SENT,
                actor=api.Actor("person", opaque_ref()),
                subject=subject or opaque_ref(),
                purpose="support",
                clause="2.4",
                version="2010-05-18",
                data=("user.name", "user.contact.email"),
                detail={"form": "contact", "number": number, **detail},
            )
            for number in range(count)
        ]
        with scope(self.organisation), transaction.atomic():
            return api.record_many(self.organisation, drafts)

    def grow(self, *batches: int) -> list[UUID]:
        """Record and sequence in batches of these sizes; each ends with a checkpoint."""
        ids: list[UUID] = []
        for count in batches:
            ids += self.record(count)
            api.sequence(self.organisation)
        return ids

    def problems(self, checkpoint: str | None = None) -> set[str]:
        found = api.verify(self.organisation, checkpoint)
        assert found.holds is not bool(found.problems)
        return {problem.kind for problem in found.problems}

    def attack(self, statement: str, **values: Any) -> int:
        """Tamper with this ledger's rows; ``:org`` and the named values are filled in."""
        values = {"org": self.id.hex, **values}
        order = re.findall(r":([a-z]+)", statement)
        return self.place.attack(
            re.sub(r":[a-z]+", "?", statement), [values[word] for word in order]
        )
