"""Retention outside: rows older than the policy keeps them, by the column that says their age.

A table takes part if its description names that column (`troth: {age: …}`). What is over is
masked or deleted by the same statements as an erasure, in one transaction a batch.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from troth.core.connect import engines, erasing as erase
from troth.core.connect.database import Database
from troth.core.connect.description import Table
from troth.core.connect.faults import told
from troth.core.connect.graph import Graph, graph
from troth.core.connect.masks import Mask, mask
from troth.core.connect.problems import problems, refuse
from troth.core.connect.schema import look
from troth.core.connect.statements import Key, adapted, given, named
from troth.core.connect.walking import Cells
from troth.core.retention.moments import latest_start
from troth.policy.rules import Rules

BATCH: Final = 5_000


@dataclass(frozen=True, slots=True)
class Over:
    """Fields of a table whose time is over: the clause, the moment before which, how many rows."""

    table: str
    columns: tuple[str, ...]
    clause: str
    before: datetime
    rows: int


def preview(source: Database, rules: Rules, now: datetime) -> list[Over]:
    """What goes, table by table and clause by clause; nothing is changed."""
    with told(source.label), engines.reading(source.open()) as connection:
        joined = graph(source.description, look(connection, source.description))
        return [
            replace(one, rows=len(_keys(connection, joined, one, None)))
            for one in _due(joined, rules, now)
        ]


def run(source: Database, rules: Rules, now: datetime) -> int:
    """Have it go, in batches of `BATCH` rows that are each a transaction with read-back."""
    engine, done = source.open(), 0
    with told(source.label), engines.reading(engine) as connection:
        joined = graph(source.description, look(connection, source.description))
    refuse(problems(joined), "deletion", source.label)
    for one in _due(joined, rules, now):
        while True:
            with told(source.label), engines.writing(engine) as connection:
                touched = _batch(connection, joined, one, source.label)
            done += touched
            if touched < BATCH:
                break
    return done


def _due(joined: Graph, rules: Rules, now: datetime) -> Iterator[Over]:
    calendar = rules.policy.company.calendar
    for table in joined.description.tables.values():
        by_clause: dict[tuple[str, datetime], list[str]] = {}
        for column in table.personal if table.age and not table.skipped else ():
            keep = rules.keep(column.category)
            how = mask(joined, table.key, column)
            if keep is None or (isinstance(how, Mask) and how.way == "kept"):
                continue
            before = latest_start(keep.period, now, calendar)
            by_clause.setdefault((keep.clause, before), []).append(column.name)
        if table.deletes and by_clause:  # a row goes as a whole when the last of it is over
            clause, before = min(by_clause, key=lambda one: one[1])
            by_clause = {(clause, before): [one.name for one in table.personal]}
        for (clause, before), names in by_clause.items():
            yield Over(table.key, tuple(names), clause, before, 0)


def _batch(connection: Connection, joined: Graph, one: Over, label: str) -> int:
    rows = _keys(connection, joined, one, BATCH)
    if not rows:
        return 0
    description = joined.description
    table = description.tables[one.table]
    columns = {
        name: column if name in one.columns else replace(column, categories=())
        for name, column in table.columns.items()
    }
    narrowed = {**description.tables, one.table: replace(table, columns=columns)}
    only = replace(joined, description=replace(description, tables=narrowed))
    going = erase.Erasing(only, label, {one.table: rows})
    for pointer in joined.pointers:
        if table.deletes and pointer.to_table == one.table and pointer.table != one.table:
            erase.refuse_pointed_at(connection, going, pointer)
    touched = erase.carry_out(connection, going)
    erase.nothing_left(erase.read_back(connection, going), label, kept=False)
    return touched


def _keys(connection: Connection, joined: Graph, one: Over, limit: int | None) -> dict[Key, Cells]:
    """Rows that are over and still hold something of the fields."""
    table = joined.description.tables[one.table]
    key = joined.key(table.key)
    names = list(dict.fromkeys((*key, *one.columns, table.age)))
    cells = named(table.name, table.schema, names)
    before = _moment(joined, table, one.before)
    asked = sa.select(*(cells.c[name] for name in names)).where(cells.c[table.age] < before)
    if not table.deletes:
        asked = asked.where(sa.or_(*_holding(joined, table, one, cells)))
    asked = asked.order_by(*(cells.c[name] for name in key)).limit(limit)
    found = [dict(zip(names, row, strict=True)) for row in connection.execute(asked)]
    return {tuple(row[name] for name in key): row for row in found}


def _holding(joined: Graph, table: Table, one: Over, cells: Any) -> Iterator[Any]:
    for name in one.columns:
        how = mask(joined, table.key, table.columns[name])
        if isinstance(how, Mask) and how.way == "value":
            yield cells.c[name] != given(adapted(how.value, joined.live.dialect))
        elif isinstance(how, Mask) and how.way == "random":
            yield sa.not_(cells.c[name].like(given(f"%{how.suffix}"))) if how.suffix else sa.true()
        else:
            yield cells.c[name].is_not(None)


def _moment(joined: Graph, table: Table, before: datetime) -> Any:
    """The moment as the column compares it: databases keep times without a zone as UTC here."""
    kind = joined.live.tables[table.key].columns[table.age].kind
    if joined.live.dialect == "sqlite" or kind not in ("datetime", "date"):
        text = before.strftime("%Y-%m-%d" if kind == "date" else "%Y-%m-%d %H:%M:%S")
        return given(text)
    return given(before.date() if kind == "date" else before.replace(tzinfo=None))
