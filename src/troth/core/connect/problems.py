"""What is wrong with a description beside the live database, found before anything changes.

Some problems stop every request, some only those that change, and some are only worth knowing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from troth.core.connect.description import Table
from troth.core.connect.graph import Graph
from troth.core.connect.masks import NoMask, mask
from troth.core.connect.schema import LiveTable
from troth.core.rights.sources import SourceInvalid

Stops = Literal["all", "deletion", "nothing"]
SAID: Final = {
    "no-identity": ("nothing in it can be looked up", "Mark a field with `identity`."),
    "no-table": ("there is no such table", "Correct the name, or take it out."),
    "no-column": ("there is no such column", "Correct the name, or take it out."),
    "no-target": ("what it refers to is not described", "Describe it, or drop the reference."),
    "elsewhere": (
        "it is reached from another connection only, which is not followed yet",
        "Give the table an identity, or a reference inside this database.",
    ),
    "no-key": ("neither description nor database has a primary key", "Mark it `primary_key`."),
    "unreachable": ("no reference leads there from an identity", "Add the reference."),
    "skipped": ("it holds personal fields and is left out", "Drop `skip_processing`."),
    "read-only": ("it is read-only, so it would stay as it is", "Delete the rows instead."),
    "not-null": (
        "it must hold something, and no replacement is given",
        "Give it a `string_rewrite`, make it nullable, or delete the rows.",
    ),
    "no-type": ("its type is not known, so there is no replacement", "Give its `data_type`."),
    "too-short": ("no replacement is short enough to fit", "Make it nullable, or delete the rows."),
    "unique": (
        "it must be unique, and no replacement can be",
        "Make it nullable, or delete the rows.",
    ),
    "hash": ("a hash can be tried out, so it erases nothing", "Use `random_string_rewrite`."),
    "strategy": (
        "its masking strategy is not known",
        "Use null_rewrite, string_rewrite or random_string_rewrite.",
    ),
    "pointed-at": (
        "other rows hold on to its value",
        "Delete the rows, or let the foreign key cascade.",
    ),
    "points": (
        "it points at another row and cannot be empty",
        "Make it nullable, or delete the rows.",
    ),
    "no-index": ("it has no index, so looking it up reads the whole table", "Add an index."),
    "no-lower-index": (
        "it is looked up whatever its capitals, without an index for that",
        "Add an index on its lower case.",
    ),
    "undescribed": ("the description does not name it", "Describe it, if it is personal."),
    "no-owner": (
        "its rows point at several kinds of people",
        "Say whose they are: `troth: {owner: …}`.",
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. `place` is ``table.column``, ``table`` or "" for the whole."""

    key: str
    place: str
    stops: Stops

    @property
    def why(self) -> str:
        return SAID[self.key][0]

    @property
    def do(self) -> str:
        return SAID[self.key][1]


def problems(graph: Graph) -> list[Problem]:
    """All of them, those that stop something first."""
    found = [*_shape(graph)]
    if not any(one.key in ("no-table", "no-column") for one in found):
        found += [*_masks(graph), *_advice(graph)]
    order = ("all", "deletion", "nothing")
    return sorted(found, key=lambda one: (order.index(one.stops), one.place))


def refuse(found: list[Problem], kind: str, label: str) -> None:
    """Raise `SourceInvalid` if a problem stops this kind of request, naming every place."""
    stop = {"all", "deletion"} if kind == "deletion" else {"all"}
    stopping = [one for one in found if one.stops in stop]
    if stopping:
        first = stopping[0]
        places = ", ".join(dict.fromkeys(one.place or label for one in stopping))
        raise SourceInvalid(
            f"{label}: nothing was changed, since fields would be left as they are: {places}.",
            why=f"{first.place or label}: {first.why}.",
            do=first.do,
        )


def _shape(graph: Graph) -> Iterator[Problem]:
    tables = graph.description.tables
    if not any(table.identities and not table.skipped for table in tables.values()):
        yield Problem("no-identity", "", "all")
    reached = graph.reached()
    for table in tables.values():
        if table.skipped:
            if table.personal:
                yield Problem("skipped", table.key, "deletion")
            continue
        there = graph.live.tables.get(table.key)
        if there is None:
            yield Problem("no-table", table.key, "all")
        else:
            yield from _table(graph, table, there, reached=table.key in reached)


def _table(graph: Graph, table: Table, there: LiveTable, *, reached: bool) -> Iterator[Problem]:
    wanted = bool(table.personal or table.deletes)
    for name in table.columns:
        if name not in there.columns:
            yield Problem("no-column", f"{table.key}.{name}", "all")
    if wanted and not graph.key(table.key):
        yield Problem("no-key", table.key, "all")
    outside = [
        column.name
        for column in table.columns.values()
        for ref in column.references
        if graph.description.column(f"{ref.table}.{ref.column}") is None
    ]
    yield from (Problem("no-target", f"{table.key}.{name}", "nothing") for name in outside)
    if wanted and not reached:
        yield Problem("elsewhere" if outside else "unreachable", table.key, "all")


def _masks(graph: Graph) -> Iterator[Problem]:
    for table in graph.description.tables.values():
        if table.deletes or table.skipped:
            continue
        for column in table.personal:
            found = mask(graph, table.key, column)
            if isinstance(found, NoMask):
                yield Problem(found.key, f"{table.key}.{column.name}", "deletion")


def _advice(graph: Graph) -> Iterator[Problem]:
    people = {one.key for one in graph.description.tables.values() if one.identities}
    for table in graph.description.tables.values():
        if table.skipped:
            continue
        there = graph.live.tables[table.key]
        sought = {column.name for column in table.identities}
        lowered = {c.name for c in table.identities if c.identity == "email"}
        sought |= {edge.to_columns[0] for edge in graph.edges if edge.to_table == table.key}
        sought |= {one.columns[0] for one in graph.pointers if one.table == table.key}
        if graph.live.dialect == "mysql":
            lowered = set()  # its collations find an address whatever its capitals
        for name in sorted(sought - lowered - there.indexed):
            yield Problem("no-index", f"{table.key}.{name}", "nothing")
        for name in sorted(lowered - there.lowered):
            yield Problem("no-lower-index", f"{table.key}.{name}", "nothing")
        for name in there.columns.keys() - table.columns.keys():
            yield Problem("undescribed", f"{table.key}.{name}", "nothing")
        owners = {e.table for e in graph.edges if e.to_table == table.key and not e.up} & people
        if len(owners) > 1 and not table.owner and not table.identities:
            yield Problem("no-owner", table.key, "nothing")
