"""Correcting: the person's own fields of a category take the new value, in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from troth.core.connect.description import Column, Table
from troth.core.connect.graph import Graph
from troth.core.connect.statements import Key, among, chunks, fits, given, named
from troth.core.connect.walking import Cells, Walk
from troth.core.rights.sources import Left, SourceInvalid


@dataclass
class Correction:
    """One column of one table, the rows whose value is wrong, and what is right."""

    table: Table
    column: Column
    rows: dict[Key, Cells]
    value: Any


def corrections(walk: Walk, changes: Mapping[str, str], label: str) -> list[Correction]:
    """What is to be changed. Raises `SourceInvalid` where a field cannot take the value, or
    where the description does not tell which field is meant.
    """
    found = []
    for category, value in changes.items():
        for table in walk.graph.description.tables.values():
            rows = walk.own(table.key)
            columns = [one for one in table.columns.values() if category in one.categories]
            if not rows or not columns:
                continue
            known = {one.casefold() for one in walk.identifiers.get(category, ())}
            if len(columns) > 1 and not known:
                names = ", ".join(f"{table.key}.{one.name}" for one in columns)
                raise _refused(
                    label,
                    names,
                    "several fields hold this, and nothing tells them apart",
                    "Give them categories of their own.",
                )
            for column in columns:
                wrong = {k: row for k, row in rows.items() if _meant(row[column.name], known)}
                if wrong:
                    taken = _taken(walk.graph, table, column, value, label)
                    found.append(Correction(table, column, wrong, taken))
    return found


def _meant(value: Any, known: set[str]) -> bool:
    """Whether the field holds what the person says is wrong, as far as that is known."""
    return not known or (isinstance(value, str) and value.casefold() in known)


def _taken(graph: Graph, table: Table, column: Column, value: str, label: str) -> Any:
    there = graph.live.tables[table.key].columns[column.name]
    place = f"{table.key}.{column.name}"
    if column.read_only or there.generated:
        raise _refused(label, place, "it is read-only", "Correct it where it comes from.")
    held = any(
        one.foreign is not None
        and one.foreign.on_update != "CASCADE"
        and (
            (one.to_table == table.key and column.name in one.to_columns)
            or (one.table == table.key and column.name in one.columns)
        )
        for one in graph.pointers
    )
    if held or (column.name in graph.key(table.key) and column.category.endswith("unique_id")):
        raise _refused(label, place, "other rows hold on to its value", "Correct it by hand.")
    room = min((n for n in (column.length, there.length) if n), default=None)
    if there.kind == "string" and room is not None and len(value) > room:
        raise _refused(label, place, f"the new value is longer than {room}", "Shorten it.")
    taken = fits(value, there.kind, graph.live.dialect)
    if taken is None:
        raise _refused(label, place, "the new value is of another type", "Give another value.")
    return taken


def _refused(label: str, place: str, why: str, do: str) -> SourceInvalid:
    return SourceInvalid(
        f"{label}: nothing was changed, since a field cannot be corrected: {place}.",
        why=f"{place}: {why}.",
        do=do,
    )


def carry_out(connection: Connection, graph: Graph, found: list[Correction]) -> int:
    """One statement a column. Returns the rows that were changed."""
    touched = set()
    for one in found:
        key = graph.key(one.table.key)
        cells = named(one.table.name, one.table.schema, (*key, one.column.name))
        values = {cells.c[one.column.name]: given(one.value)}
        for part in chunks(one.rows):
            connection.execute(sa.update(cells).where(among(cells, key, part)).values(values))
        touched |= {(one.table.key, row) for row in one.rows}
    return len(touched)


def read_back(connection: Connection, graph: Graph, found: list[Correction]) -> list[Left]:
    """Fields that do not hold the new value. Rows whose key was corrected are not looked for."""
    left = []
    for one in found:
        key = graph.key(one.table.key)
        if one.column.name not in key:
            count = sum(1 for _ in _wrong(connection, one, key))
            left += [Left(one.table.key, one.column.name, count)] if count else []
    return left


def _wrong(connection: Connection, one: Correction, key: tuple[str, ...]) -> Iterator[Any]:
    cells = named(one.table.name, one.table.schema, (*key, one.column.name))
    column = cells.c[one.column.name]
    for part in chunks(one.rows):
        differs = sa.or_(column.is_(None), column != given(one.value))
        yield from connection.execute(
            sa.select(column).where(among(cells, key, part)).where(differs)
        )
