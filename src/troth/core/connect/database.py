"""An outside database as a source of the rights requests."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Connection, Engine

from troth.core.connect import correcting, engines, erasing as erase
from troth.core.connect.description import Description
from troth.core.connect.faults import told
from troth.core.connect.graph import Graph, graph
from troth.core.connect.masks import Mask, mask
from troth.core.connect.problems import Problem, problems, refuse
from troth.core.connect.schema import look
from troth.core.connect.walking import Walk, walk
from troth.core.rights.kinds import CORRECTION, DELETION, SHOWING
from troth.core.rights.sources import Changes, Found, Left, Planned, Subject

FRESH: Final = 300
"""Seconds that a live schema is taken as known, for what only looks."""
STEPS: Final = {DELETION: ("erase",), CORRECTION: ("correct",)}


@dataclass
class Known:
    """The graph of a database, and when its schema was looked at."""

    graph: Graph
    problems: list[Problem]
    at: float


_known: Final[WeakKeyDictionary[Engine, Known]] = WeakKeyDictionary()
"""By engine: an engine serves one connection, whose description rarely changes."""


@dataclass
class Database:
    """A described database. `engine` is made on first use, so that listing sources is quick."""

    key: str
    label: str
    description: Description = field(repr=False)
    open: Any = field(repr=False)
    """Gives the engine; raises `SourceMissing` where address or password are not there."""

    def steps(self, kind: str) -> tuple[str, ...]:
        """One step each: whatever it changes is one transaction."""
        return STEPS.get(kind, ())

    def plan(self, kind: str, subject: Subject, changes: Changes) -> list[Planned]:
        """Every field and how many rows. Raises as `run` would, and changes nothing."""
        if kind not in STEPS and kind not in SHOWING:
            return []
        with self._reading() as (connection, joined):
            refuse(self._problems(joined), kind, self.label)
            found = walk(connection, joined, subject.identifiers)
            if kind == DELETION:
                return list(_planned_erasure(erase.erasing(found, connection, self.label), found))
            if kind == CORRECTION:
                changing = correcting.corrections(found, changes, self.label)
                return [
                    Planned(
                        one.table.key,
                        one.column.name,
                        one.column.category,
                        "replaced",
                        len(one.rows),
                    )
                    for one in changing
                ]
            return list(_planned_showing(found)) if kind in SHOWING else []

    def found(self, subject: Subject) -> Iterable[Found]:
        """Every personal field of every row that is theirs, shared rows too."""
        with self._reading() as (connection, joined):
            refuse(self._problems(joined), "access", self.label)
            return list(self._found(walk(connection, joined, subject.identifiers)))

    def run(self, step: str, kind: str, subject: Subject, changes: Changes) -> int:
        """Erase or correct in one transaction with read-back in it, and again after it.

        Repeating it finds nothing to do, or all of it: a transaction that was cut short left no
        trace.
        """
        engine = self.open()
        if kind == DELETION:
            return self._erase(engine, subject)
        if kind == CORRECTION:
            return self._correct(engine, subject, changes)
        return 0

    def check(self, kind: str, subject: Subject, changes: Changes) -> list[Left]:
        """What an identifier of the person still finds."""
        if kind not in STEPS:
            return []
        with self._reading() as (connection, joined):
            found = walk(connection, joined, subject.identifiers)
            if kind == DELETION:
                return list(_left(found))
            both = {
                name: (*values, *([changes[name]] if name in changes else []))
                for name, values in subject.identifiers.items()
            }
            found = walk(connection, joined, both)
            wrong = correcting.corrections(found, changes, self.label)
            return correcting.read_back(connection, joined, wrong)

    def problems(self) -> list[Problem]:
        """What is wrong with the description, looked up anew."""
        with self._reading(fresh=True) as (_, joined):
            return self._problems(joined)

    def _erase(self, engine: Engine, subject: Subject) -> int:
        with told(self.label), engines.writing(engine) as connection:
            joined = self._graph(connection, fresh=True)
            refuse(self._problems(joined), DELETION, self.label)
            found = walk(connection, joined, subject.identifiers)
            going = erase.erasing(found, connection, self.label)
            touched = erase.carry_out(connection, going)
            erase.nothing_left(erase.read_back(connection, going, found), self.label, kept=False)
        if going.rows:
            with told(self.label), engines.reading(engine) as connection:
                erase.nothing_left(erase.read_back(connection, going, found), self.label, kept=True)
        return touched

    def _correct(self, engine: Engine, subject: Subject, changes: Changes) -> int:
        with told(self.label), engines.writing(engine) as connection:
            joined = self._graph(connection, fresh=True)
            refuse(self._problems(joined), CORRECTION, self.label)
            found = walk(connection, joined, subject.identifiers)
            changing = correcting.corrections(found, changes, self.label)
            touched = correcting.carry_out(connection, joined, changing)
            erase.nothing_left(
                correcting.read_back(connection, joined, changing), self.label, kept=False
            )
        with told(self.label), engines.reading(engine) as connection:
            erase.nothing_left(
                correcting.read_back(connection, joined, changing), self.label, kept=True
            )
        return touched

    def _found(self, found: Walk) -> Iterator[Found]:
        for table in found.graph.description.tables.values():
            if not table.personal:
                continue
            for number, cells in enumerate(found.shown(table.key).values(), 1):
                at = _moment(cells[table.age]) if table.age else None
                for column in table.personal:
                    value = cells[column.name]
                    if value is not None:
                        place = f"{self.key}.{table.key}"
                        label = f"{table.name} {number}: {column.name}"
                        shown = _shown(value)
                        yield Found(place, label, column.category, shown, origin=self.label, at=at)

    def _reading(self, *, fresh: bool = False) -> AbstractContextManager[tuple[Connection, Graph]]:
        from contextlib import contextmanager  # noqa: PLC0415

        @contextmanager
        def opened() -> Iterator[tuple[Connection, Graph]]:
            engine = self.open()
            with told(self.label), engines.reading(engine) as connection:
                yield connection, self._graph(connection, fresh=fresh)

        return opened()

    def _graph(self, connection: Connection, *, fresh: bool) -> Graph:
        known = _known.get(connection.engine)
        same = known is not None and known.graph.description is self.description
        if known is None or not same or fresh or time.monotonic() - known.at > FRESH:
            joined = graph(self.description, look(connection, self.description))
            known = _known[connection.engine] = Known(joined, problems(joined), time.monotonic())
        return known.graph

    def _problems(self, joined: Graph) -> list[Problem]:
        return next((one.problems for one in _known.values() if one.graph is joined), [])


def _left(found: Walk) -> Iterator[Left]:
    """Fields of rows that an identifier still leads to, but those that say nothing alone."""
    graph = found.graph
    for table in graph.description.tables.values():
        rows = found.own(table.key)
        for column in table.personal if rows else ():
            how = mask(graph, table.key, column)
            if table.deletes or not (isinstance(how, Mask) and how.way == "kept"):
                yield Left(table.key, column.name, len(rows))


def _planned_showing(found: Walk) -> Iterator[Planned]:
    for table in found.graph.description.tables.values():
        count = len(found.shown(table.key))
        for column in table.personal if count else ():
            yield Planned(table.key, column.name, column.category, "shown", count)


def _planned_erasure(going: erase.Erasing, found: Walk) -> Iterator[Planned]:
    graph = going.graph
    for name, rows in going.rows.items():
        table = graph.description.tables[name]
        for column in table.personal:
            how = mask(graph, name, column)
            kept = not table.deletes and isinstance(how, Mask) and how.way == "kept"
            why = how.why if kept and isinstance(how, Mask) else ""
            does = "kept" if kept else "erased"
            yield Planned(name, column.name, column.category, does, len(rows), why=why)
    for name, keys in found.owned.shared.items():
        for column in graph.description.tables[name].personal if keys else ():
            why = "others share the row; what ties it to this person is cut"
            yield Planned(name, column.name, column.category, "kept", len(keys), why=why)


def _shown(value: Any) -> Any:
    """A value as a package can hold it."""
    if isinstance(value, bytes | memoryview):
        return f"{len(bytes(value))} bytes"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    if isinstance(value, str | int | float | bool | Mapping | list):
        return value
    return str(value)


def _moment(value: Any) -> datetime | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
