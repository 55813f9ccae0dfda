"""Finding what a database holds about a person: from their identifiers along the references.

One statement a table and step, over the keys found so far; a step looks only for what no step
before it looked for, so that cycles end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from troth.core.connect.description import Column, Table
from troth.core.connect.graph import Edge, Graph
from troth.core.connect.owning import Owned, owned
from troth.core.connect.statements import Key, among, chunks, fits, named

Identifiers = Mapping[str, Sequence[str]]
Cells = Mapping[str, Any]


@dataclass
class Walk:
    """What was found, and whose it is.

    `rows`: by table and key; `seeds`: those that hold an identifier of the person.
    """

    graph: Graph
    identifiers: Identifiers
    rows: dict[str, dict[Key, Cells]] = field(default_factory=lambda: defaultdict(dict), repr=False)
    seeds: set[tuple[str, Key]] = field(default_factory=set, repr=False)
    tried: dict[Edge, set[Key]] = field(default_factory=lambda: defaultdict(set), repr=False)
    owned: Owned = field(default_factory=Owned, repr=False)
    statements: int = 0

    def own(self, table: str) -> dict[Key, Cells]:
        """The rows of the person and of nobody else."""
        found = self.rows.get(table, {})
        return {key: found[key] for key in self.owned.own.get(table, ()) if key in found}

    def shown(self, table: str) -> dict[Key, Cells]:
        """The rows that are theirs, and those that are theirs among others'."""
        found = self.rows.get(table, {})
        shared = self.owned.shared.get(table, set())
        return self.own(table) | {key: found[key] for key in shared if key in found}


def walk(connection: Connection, graph: Graph, identifiers: Identifiers) -> Walk:
    """Find all rows about the person. Raises what the driver raises."""
    found = Walk(graph, identifiers)
    for table in graph.description.tables.values():
        cells = named(table.name, table.schema, _columns(graph, table))
        if not table.skipped and (where := seeking(found, table, cells)) is not None:
            keys = _fetch(connection, found, table, cells, [where])
            found.seeds |= {(table.key, key) for key in keys}
    while True:
        found.owned = owned(found)
        wanted = _wanted(found)
        if not wanted:
            break
        for name, by_edge in wanted.items():
            _follow(connection, found, graph.description.tables[name], by_edge)
    found.owned = owned(found, connection)
    return found


def seeking(found: Walk, table: Table, cells: Any) -> Any:
    """The condition that a row holds an identifier of the person; None if none is looked up."""
    parts = []
    for column in table.identities:
        values = sought(found, table, column)
        if not values:
            continue
        if column.identity == "email" and found.graph.live.dialect != "mysql":
            lowered = sorted({one for value in values for one in _lowered(str(value))})
            wanted = sa.bindparam(None, lowered, sa.types.NullType(), expanding=True)
            parts.append(sa.func.lower(cells.c[column.name]).in_(wanted))
        else:
            parts.append(among(cells, [column.name], [(one,) for one in values]))
    return sa.or_(*parts) if parts else None


def sought(found: Walk, table: Table, column: Column) -> list[Any]:
    """The person's identifiers, as the column would hold them."""
    there = found.graph.live.tables[table.key].columns[column.name]
    kind = there.kind or {"string": "string", "integer": "integer"}.get(column.data_type, "")
    values = [one for name in column.sought for one in found.identifiers.get(name, ())]
    fitting = [fits(one, kind, found.graph.live.dialect) for one in values]
    return list(dict.fromkeys(one for one in fitting if one is not None))


def _lowered(value: str) -> set[str]:
    """In small letters by Unicode and by ASCII alone: databases differ in which they do."""
    plain = "".join(one.lower() if one.isascii() else one for one in value)
    return {value.lower(), plain}


def _columns(graph: Graph, table: Table) -> list[str]:
    """What is read of a table: its key, what is personal, and what it hangs together by."""
    names = [*graph.key(table.key)]
    names += [one.name for one in table.columns.values() if one.personal or one.identity]
    for edge in graph.edges:
        names += edge.columns if edge.table == table.key else ()
        names += edge.to_columns if edge.to_table == table.key else ()
    for pointer in graph.pointers:
        names += pointer.columns if pointer.table == table.key else ()
        names += pointer.to_columns if pointer.to_table == table.key else ()
    names += [name for name in (table.owner, table.age) if name]
    return list(dict.fromkeys(names))


def _fetch(
    connection: Connection, found: Walk, table: Table, cells: Any, parts: list[Any]
) -> list[Key]:
    columns = _columns(found.graph, table)
    statement = sa.select(*(cells.c[name].label(f"c{i}") for i, name in enumerate(columns)))
    found.statements += 1
    key = found.graph.key(table.key) or tuple(columns)
    fetched = []
    for row in connection.execute(statement.where(sa.or_(*parts))):
        cell = dict(zip(columns, row, strict=True))
        one = tuple(cell[name] for name in key)
        found.rows[table.key].setdefault(one, cell)
        fetched.append(one)
    return fetched


def _wanted(found: Walk) -> dict[str, dict[Edge, set[Key]]]:
    """By table: the values that no step looked for yet."""
    wanted: dict[str, dict[Edge, set[Key]]] = defaultdict(dict)
    for edge, values in found.owned.ways(found):
        new = values - found.tried[edge]
        if new:
            found.tried[edge] |= new
            wanted[edge.to_table][edge] = new
    return wanted


def _follow(
    connection: Connection, found: Walk, table: Table, by_edge: Mapping[Edge, set[Key]]
) -> None:
    live = found.graph.live
    kinds = {name: one.kind for name, one in live.tables[table.key].columns.items()}
    cells = named(table.name, table.schema, _columns(found.graph, table))
    parts: list[Any] = []
    size = 0
    for edge, values in by_edge.items():
        for part in chunks(_fitting(values, [kinds[name] for name in edge.to_columns], live)):
            if parts and size + len(part) > len(part) * 2 + 4_000:
                _fetch(connection, found, table, cells, parts)
                parts, size = [], 0
            parts.append(among(cells, edge.to_columns, part))
            size += len(part)
    if parts:
        _fetch(connection, found, table, cells, parts)


def _fitting(values: set[Key], kinds: Sequence[str], live: Any) -> Iterator[Key]:
    for value in values:
        one = tuple(fits(v, k, live.dialect) for v, k in zip(value, kinds, strict=True))
        if None not in one:
            yield one
