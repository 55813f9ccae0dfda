"""How the described tables hang together: the ways of the search, and who points at whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from troth.core.connect.description import Description, Table
from troth.core.connect.schema import Foreign, Live


@dataclass(frozen=True, slots=True)
class Edge:
    """A way that the search goes: values of columns are looked up in columns of another table.

    `free`: the description gives no direction, so there is one the other way too. `up`: it leads
    to the one row that is pointed at, and not to the many that point.
    """

    table: str
    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]
    free: bool
    up: bool


@dataclass(frozen=True, slots=True)
class Pointer:
    """Columns of a table that point at a row of a described one. `table` is the description's key,
    or None for a table that it does not have; `name` and `schema` are the database's.
    """

    table: str | None
    name: str
    schema: str | None
    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]
    foreign: Foreign | None = None


@dataclass(frozen=True, slots=True)
class Graph:
    """The description beside the live schema."""

    description: Description
    live: Live
    edges: tuple[Edge, ...]
    pointers: tuple[Pointer, ...]

    def key(self, table: str) -> tuple[str, ...]:
        """The columns that tell a row from others: as described, else as the database has it."""
        return key(self.description.tables[table], self.live)

    def unique(self, table: str, columns: tuple[str, ...]) -> bool:
        """Whether no two rows have the same values there."""
        return unique(self.description.tables[table], self.live, columns)

    def reached(self) -> frozenset[str]:
        """The tables that the search can come to."""
        tables = self.description.tables.values()
        found = {one.key for one in tables if one.identities and not one.skipped}
        size = -1
        while size != len(found):
            size = len(found)
            found |= {edge.to_table for edge in self.edges if edge.table in found}
        return frozenset(found)


def key(table: Table, live: Live) -> tuple[str, ...]:
    described = tuple(name for name, column in table.columns.items() if column.primary)
    there = live.tables.get(table.key)
    return described or (there.primary if there else ())


def unique(table: Table, live: Live, columns: tuple[str, ...]) -> bool:
    there = live.tables.get(table.key)
    wanted = set(columns)
    keys = list(there.unique) if there else []
    keys.append(key(table, live))
    return any(one and set(one) <= wanted for one in keys)


def graph(description: Description, live: Live) -> Graph:
    """Build it once for a description and a live schema."""
    edges: dict[Edge, None] = {}
    pointers: dict[tuple[object, ...], Pointer] = {}
    by_name = {(one.name, one.schema): one.key for one in description.tables.values()}
    for one in live.foreign:
        pointed = by_name.get((one.to_table, one.to_schema))
        if pointed is not None:
            pointer = Pointer(
                *(by_name.get((one.table, one.schema)), one.table, one.schema, one.columns),
                *(pointed, one.to_columns, one),
            )
            pointers[(pointer.name, pointer.columns, pointed)] = pointer
    for table, columns, there, to_columns, direction in _references(description, live):
        up = unique(description.tables[there], live, to_columns)
        single = unique(description.tables[table], live, columns)
        if direction != "to":
            edges[Edge(there, to_columns, table, columns, not direction, single and not up)] = None
        if direction != "from":
            edges[Edge(table, columns, there, to_columns, not direction, up)] = None
        holder = (table, columns, there, to_columns)
        if single and not up:
            holder = (there, to_columns, table, columns)  # declared where it is pointed at
        at = description.tables[holder[0]]
        pointers.setdefault(
            (at.name, holder[1], holder[2]), Pointer(holder[0], at.name, at.schema, *holder[1:])
        )
    return Graph(description, live, tuple(edges), tuple(pointers.values()))


Joined = tuple[str, tuple[str, ...], str, tuple[str, ...], str]


def _references(description: Description, live: Live) -> Iterator[Joined]:
    """All references; those that together point at a key of several columns are one."""
    groups: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    tables = {name: table for name, table in description.tables.items() if not table.skipped}
    for table in tables.values():
        for column in table.columns.values():
            for ref in column.references:
                there = tables.get(ref.table)
                if there is not None and ref.column in there.columns:
                    pairs = groups.setdefault((table.key, ref.table, ref.direction), [])
                    pairs.append((column.name, ref.column))
    for (table_key, there_key, direction), pairs in groups.items():
        for columns, to_columns in _joined(pairs, tables, live, table_key, there_key):
            yield table_key, columns, there_key, to_columns, direction


def _joined(
    pairs: list[tuple[str, str]], tables: Mapping[str, Table], live: Live, here: str, there: str
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    rest = list(pairs)
    for side, table in ((1, there), (0, here)):
        wanted = key(tables[table], live)
        chosen = [pair for pair in rest if pair[side] in wanted]
        once = len({pair[0] for pair in chosen}) == len({pair[1] for pair in chosen}) == len(chosen)
        if len(wanted) > 1 and once and {pair[side] for pair in chosen} == set(wanted):
            yield tuple(pair[0] for pair in chosen), tuple(pair[1] for pair in chosen)
            rest = [pair for pair in rest if pair not in chosen]
    for one, other in rest:
        yield (one,), (other,)
