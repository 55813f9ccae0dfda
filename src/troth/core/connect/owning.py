"""Whose a row is that the search came to.

- A row with an identifier of the person is theirs.
- A row of a table with identities that holds only others' is somebody else's: it is not shown, not
  destroyed, and the search does not go through it.
- A row that others point at too (an address of two customers) is shared; so is a row that points
  at two people of the same table (a message from one to another), and a row whose owning column
  (`troth: {owner: …}`) names somebody else. What is shared is shown and stays; the reference to
  it, or from it, is cut.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from troth.core.connect.graph import Edge, Graph, Pointer
from troth.core.connect.statements import Key, among, chunks, named, same

if TYPE_CHECKING:
    from troth.core.connect.walking import Walk

Place = tuple[str, Key]
Index = dict[tuple[str, tuple[str, ...]], dict[Key, list[Key]]]


@dataclass
class Owned:
    """Keys by table: of the person alone, shared with others, and somebody else's."""

    own: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    shared: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    others: dict[str, set[Key]] = field(default_factory=lambda: defaultdict(set))
    weak: set[Place] = field(default_factory=set)
    """Own rows that only a reference leads up to: undirected references are not followed down."""

    def ways(self, walk: Walk) -> Iterator[tuple[Edge, set[Key]]]:
        """For each way of the search, the values of own rows to look for."""
        for edge in walk.graph.edges:
            values = set()
            for key in self.own.get(edge.table, ()):
                if edge.free and not edge.up and (edge.table, key) in self.weak:
                    continue
                value = _value(walk.rows[edge.table][key], edge.columns)
                if value is not None:
                    values.add(value)
            if values:
                yield edge, values


def owned(walk: Walk, connection: Connection | None = None) -> Owned:
    """Whose the rows are that were found. With a connection, the database is asked who else
    points at them, which is known only once all of the person's own are found.
    """
    index = _index(walk)
    blocked: set[Place] = set()
    while True:
        found = _closure(walk, index, blocked)
        more = set(_several(walk, found))
        if not more and connection is not None:
            more = set(_pointed_at(connection, walk, found))
        if not more - blocked:
            return found
        blocked |= more


def _value(row: Mapping[str, Any], columns: tuple[str, ...]) -> Key | None:
    value = tuple(row[name] for name in columns)
    return None if None in value else value


def _norm(walk: Walk, value: Key) -> Key:
    fold = walk.graph.live.dialect == "mysql"  # its collations find "a" where "A" was looked for
    return tuple(
        same(one).casefold() if fold and isinstance(one, str) else same(one) for one in value
    )


def _index(walk: Walk) -> Index:
    """Rows by the values that references lead to."""
    index: Index = {}
    for edge in walk.graph.edges:
        where = (edge.to_table, edge.to_columns)
        if where in index:
            continue
        by_value = index[where] = defaultdict(list)
        for key, row in walk.rows.get(edge.to_table, {}).items():
            value = _value(row, edge.to_columns)
            if value is not None:
                by_value[_norm(walk, value)].append(key)
    return index


def _closure(walk: Walk, index: Index, blocked: set[Place]) -> Owned:
    found = Owned()
    by_table: dict[str, list[Edge]] = defaultdict(list)
    for edge in walk.graph.edges:
        by_table[edge.table].append(edge)
    todo: list[tuple[Place, bool]] = [(place, True) for place in walk.seeds]
    while todo:
        (table, key), strong = todo.pop()
        known = key in found.own[table]
        if known and not (strong and (table, key) in found.weak):
            continue
        found.own[table].add(key)
        (found.weak.discard if strong else found.weak.add)((table, key))
        for edge in by_table[table]:
            if edge.free and not edge.up and not strong:
                continue
            value = _value(walk.rows[table][key], edge.columns)
            if value is None:
                continue
            for there in index[(edge.to_table, edge.to_columns)].get(_norm(walk, value), ()):
                _arrive(walk, found, edge, there, blocked, todo)
    for where, keys in found.own.items():
        found.shared[where] -= keys
        found.others[where] -= keys
    return found


def _arrive(
    walk: Walk,
    found: Owned,
    edge: Edge,
    key: Key,
    blocked: set[Place],
    todo: list[tuple[Place, bool]],
) -> None:
    table = walk.graph.description.tables[edge.to_table]
    place = (table.key, key)
    if place in walk.seeds:
        return
    row = walk.rows[table.key][key]
    if any(row[column.name] not in (None, "") for column in table.identities):
        found.others[table.key].add(key)
    elif (table.owner and not edge.up and edge.to_columns != (table.owner,)) or place in blocked:
        found.shared[table.key].add(key)
    else:
        todo.append((place, not edge.up))


def _several(walk: Walk, found: Owned) -> Iterator[Place]:
    """Own rows that point at somebody else of a table which they point at the person in."""
    tables = walk.graph.description.tables
    for name, keys in found.own.items():
        table = tables[name]
        if table.identities or table.owner:
            continue
        by_target: dict[str, list[Pointer]] = defaultdict(list)
        for one in walk.graph.pointers:
            if one.table == name and one.to_table != name and tables[one.to_table].identities:
                by_target[one.to_table].append(one)
        for target, pointers in by_target.items():
            if len(pointers) < 2:  # noqa: PLR2004 - sender and recipient
                continue
            mine = {
                one.to_columns: {
                    _norm(walk, value)
                    for key in found.own.get(target, ())
                    if (value := _value(walk.rows[target][key], one.to_columns)) is not None
                }
                for one in pointers
            }
            for key in keys:
                for one in pointers:
                    value = _value(walk.rows[name][key], one.columns)
                    if value is not None and _norm(walk, value) not in mine[one.to_columns]:
                        yield name, key


def _pointed_at(connection: Connection, walk: Walk, found: Owned) -> Iterator[Place]:
    """Rows that a reference leads up to and that rows of others point at too."""
    graph = walk.graph
    for name in {table for table, _ in found.weak}:
        table = graph.description.tables[name]
        onward = any(edge.table == name and not edge.up for edge in graph.edges)
        if not (table.personal or table.deletes or onward):
            continue
        keys = {key for where, key in found.weak if where == name}
        for one in graph.pointers:
            if one.to_table == name:
                taken = set(_held_by_others(connection, walk, found, one, keys))
                for key in keys:
                    value = _value(walk.rows[name][key], one.to_columns)
                    if value is not None and _norm(walk, value) in taken:
                        yield name, key


def _held_by_others(
    connection: Connection, walk: Walk, found: Owned, pointer: Pointer, keys: set[Key]
) -> Iterator[Key]:
    """Which of the values are held by rows that are not the person's."""
    graph = walk.graph
    table = graph.description.tables[pointer.to_table]
    values = {_value(walk.rows[table.key][key], pointer.to_columns) for key in keys} - {None}
    there = named(table.name, table.schema, pointer.to_columns)
    own_key, mine = _mine(walk, found, pointer, values)
    holder = named(pointer.name, pointer.schema, (*pointer.columns, *own_key)).alias("holder")
    for part in chunks(value for value in values if value is not None):
        joined = [
            holder.c[a] == there.c[b]
            for a, b in zip(pointer.columns, pointer.to_columns, strict=True)
        ]
        if mine:
            joined.append(sa.not_(among(holder, own_key, mine)))
        statement = (
            sa.select(*(there.c[name] for name in pointer.to_columns))
            .where(among(there, pointer.to_columns, part))
            .where(sa.exists(sa.select(sa.literal_column("1")).select_from(holder).where(*joined)))
        )
        walk.statements += 1
        yield from (_norm(walk, tuple(row)) for row in connection.execute(statement))


def _mine(
    walk: Walk, found: Owned, pointer: Pointer, values: set[Any]
) -> tuple[tuple[str, ...], list[Key]]:
    """The key of the pointing table and the person's own rows there that point at the values."""
    if pointer.table is None:
        return (), []
    wanted = {_norm(walk, value) for value in values if value is not None}
    keys = []
    for key in found.own.get(pointer.table, ()):
        value = _value(walk.rows[pointer.table][key], pointer.columns)
        if value is not None and _norm(walk, value) in wanted:
            keys.append(key)
    return _key(walk.graph, pointer.table), keys


def _key(graph: Graph, table: str) -> tuple[str, ...]:
    return graph.key(table)
