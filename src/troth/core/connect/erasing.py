"""Erasing in one transaction: cut, mask, delete children first, read back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from troth.core.connect.description import Table
from troth.core.connect.graph import Graph, Pointer
from troth.core.connect.masks import Mask, mask
from troth.core.connect.statements import (
    Key,
    adapted,
    among,
    chunks,
    given,
    named,
    random_text,
    same,
)
from troth.core.connect.walking import Cells, Walk, seeking
from troth.core.rights.sources import Left, SourceInvalid

CUTS: Final = frozenset({"", "NO ACTION", "RESTRICT"})


@dataclass
class Erasing:
    """What goes: rows by table, whose fields are masked or which are deleted as a whole.

    `cuts`: the references that are emptied, and in which rows.
    """

    graph: Graph
    label: str
    rows: dict[str, dict[Key, Cells]] = field(repr=False)
    cuts: list[tuple[Pointer, list[Key]]] = field(default_factory=list, repr=False)

    def masks(self, table: str) -> dict[str, Mask]:
        """How each personal column of the table is emptied, those that stay left out."""
        found = {}
        for column in self.graph.description.tables[table].personal:
            how = mask(self.graph, table, column)
            if isinstance(how, Mask) and how.way != "kept":
                found[column.name] = how
        return found

    def masked(self) -> Iterator[tuple[Table, dict[str, Mask]]]:
        for name in self.ordered():
            table = self.graph.description.tables[name]
            if not table.deletes and (masks := self.masks(name)):
                yield table, masks

    def deleted(self) -> Iterator[Table]:
        for name in self.ordered():
            if self.graph.description.tables[name].deletes:
                yield self.graph.description.tables[name]

    def ordered(self) -> list[str]:
        """Tables with rows to erase, those that point before those that are pointed at."""
        rest = sorted(name for name, rows in self.rows.items() if rows)
        done: list[str] = []
        while rest:
            free = [name for name in rest if not self._pointing(name, rest)]
            done += free or rest[:1]  # a circle: its references were cut before
            rest = [name for name in rest if name not in done]
        return done

    def _pointing(self, name: str, rest: list[str]) -> bool:
        return any(
            one.to_table == name and one.table in rest and one.table != name
            for one in self.graph.pointers
        )


def erasing(walk: Walk, connection: Connection, label: str) -> Erasing:
    """Work out what goes. Raises `SourceInvalid` where a reference that has to go cannot."""
    tables = walk.graph.description.tables
    rows = {n: walk.own(n) for n in walk.rows if tables[n].deletes or tables[n].personal}
    found = Erasing(walk.graph, label, {name: own for name, own in rows.items() if own})
    for pointer in walk.graph.pointers:
        if pointer.table is not None and (keys := list(_cut(walk, found, pointer))):
            _may_cut(found, pointer)
            found.cuts.append((pointer, keys))
    circles = [one for one in walk.graph.pointers if _in_circle(found, one)]
    for pointer in circles:
        if _nullable(walk.graph, pointer):
            table = pointer.table or ""
            keys = [k for k, row in rows[table].items() if _value(row, pointer.columns)]
            found.cuts.append((pointer, keys))
    for pointer in walk.graph.pointers:
        _undescribed(connection, found, pointer)
    return found


def _value(row: Cells, columns: tuple[str, ...]) -> Key | None:
    value = tuple(row[name] for name in columns)
    return None if None in value else value


def _said(value: Key) -> Key:
    return tuple(same(one) for one in value)


def _values(rows: dict[Key, Cells], columns: tuple[str, ...]) -> set[Key]:
    found = (_value(row, columns) for row in rows.values())
    return {_said(one) for one in found if one is not None}


def _cut(walk: Walk, found: Erasing, pointer: Pointer) -> Iterator[Key]:
    """Keys of pointing rows whose reference is to be emptied."""
    name, target = pointer.table or "", pointer.to_table
    tables, rows = walk.graph.description.tables, walk.rows.get(name, {})
    mine = _values(found.rows.get(target, {}), pointer.to_columns)
    shared = _values(
        {k: walk.rows[target][k] for k in walk.owned.shared.get(target, ())}, pointer.to_columns
    )
    if not tables[target].personal and not tables[target].deletes:
        shared = set()
    own, stays = found.rows.get(name, {}), not tables[target].deletes
    for key, row in rows.items():
        value = _value(row, pointer.columns)
        if value is None:
            continue
        if key in own:
            if _said(value) in shared and not tables[name].deletes:
                yield key
        elif _said(value) in mine and not (stays and not _nullable(walk.graph, pointer)):
            # A row of somebody else. What cannot be emptied points at a row that says nothing
            # about anybody any more, as long as that stays.
            yield key


def _nullable(graph: Graph, pointer: Pointer) -> bool:
    live = graph.live.tables[pointer.table or ""].columns
    key = graph.key(pointer.table or "")
    return any(live[name].nullable and name not in key for name in pointer.columns)


def _may_cut(found: Erasing, pointer: Pointer) -> None:
    if not _nullable(found.graph, pointer):
        place = f"{pointer.table}.{pointer.columns[0]}"
        raise SourceInvalid(
            f"{found.label}: nothing was changed, since a reference cannot be cut: {place}.",
            why="It leads from the person's row to one that others share, or from others' to "
            "one that is deleted, and it may not be empty.",
            do="Make it nullable, or have the rows on both sides stay or go together.",
        )


def _in_circle(found: Erasing, pointer: Pointer) -> bool:
    tables = found.graph.description.tables
    if pointer.table is None or pointer.table not in found.rows:
        return False
    if pointer.to_table not in found.rows or not tables[pointer.table].deletes:
        return False
    seen, todo = set(), {pointer.to_table}
    while todo:
        name = todo.pop()
        if name == pointer.table:
            return True
        seen.add(name)
        todo |= {
            one.to_table
            for one in found.graph.pointers
            if one.table == name and one.to_table in found.rows
        } - seen
    return False


def refuse_pointed_at(connection: Connection, found: Erasing, pointer: Pointer) -> None:
    """Raise `SourceInvalid` if rows to be deleted are pointed at by any row at all."""
    foreign = pointer.foreign
    if foreign is None or foreign.on_delete in CUTS:
        _refuse_held(connection, found, pointer)


def _undescribed(connection: Connection, found: Erasing, pointer: Pointer) -> None:
    """Raise `SourceInvalid` if rows to be deleted are pointed at by what is not described."""
    table = found.graph.description.tables[pointer.to_table]
    rows = found.rows.get(pointer.to_table)
    foreign = pointer.foreign
    if pointer.table is not None or not rows or not table.deletes or foreign is None:
        return
    if foreign.on_delete in CUTS:
        _refuse_held(connection, found, pointer)


def _refuse_held(connection: Connection, found: Erasing, pointer: Pointer) -> None:
    table = found.graph.description.tables[pointer.to_table]
    rows = found.rows[pointer.to_table]
    if not all(name in row for row in rows.values() for name in pointer.to_columns):
        return  # not what was read; the database itself will say
    holder = named(pointer.name, pointer.schema, pointer.columns)
    values = {_value(row, pointer.to_columns) for row in rows.values()} - {None}
    for part in chunks(one for one in values if one is not None):
        asked: sa.Select[Any] = sa.select(sa.literal_column("1")).where(
            among(holder, pointer.columns, part)
        )
        if connection.execute(asked.limit(1)).first():
            raise SourceInvalid(
                f"{found.label}: nothing was changed, since rows that stay point at "
                f"{table.key}: {pointer.name}.{pointer.columns[0]}.",
                why="They would keep the rows from being deleted.",
                do="Describe that table too, or have its rows go with them.",
            )


def carry_out(connection: Connection, found: Erasing) -> int:
    """Cut, mask and delete. Returns the rows that were masked or deleted."""
    for pointer, keys in found.cuts:
        _cut_out(connection, found.graph, pointer, keys)
    for table, masks in found.masked():
        _mask(connection, found, table, masks)
    for table in found.deleted():
        key = found.graph.key(table.key)
        cells = named(table.name, table.schema, key)
        for part in chunks(found.rows[table.key]):
            connection.execute(sa.delete(cells).where(among(cells, key, part)))
    return sum(len(rows) for rows in found.rows.values())


def _cut_out(connection: Connection, graph: Graph, pointer: Pointer, keys: list[Key]) -> None:
    table = graph.description.tables[pointer.table or ""]
    key, live = graph.key(table.key), graph.live.tables[table.key].columns
    emptied = [n for n in pointer.columns if live[n].nullable and n not in key]
    cells = named(table.name, table.schema, (*key, *emptied))
    for part in chunks(keys):
        values = {cells.c[name]: sa.null() for name in emptied}
        connection.execute(sa.update(cells).where(among(cells, key, part)).values(values))


def _mask(connection: Connection, found: Erasing, table: Table, masks: dict[str, Mask]) -> None:
    graph, dialect = found.graph, found.graph.live.dialect
    key = graph.key(table.key)
    cells = named(table.name, table.schema, (*key, *masks))
    values: dict[Any, Any] = {}
    for name, how in masks.items():
        if how.way == "null":
            values[cells.c[name]] = sa.null()
        elif how.way == "value":
            values[cells.c[name]] = given(adapted(how.value, dialect))
        else:
            kind = graph.live.tables[table.key].columns[name].kind
            values[cells.c[name]] = random_text(dialect, how.length, how.suffix, kind)
    for part in chunks(found.rows[table.key]):
        connection.execute(sa.update(cells).where(among(cells, key, part)).values(values))


def read_back(connection: Connection, found: Erasing, walk: Walk | None = None) -> list[Left]:
    """What is still there of what went; and rows that an identifier still finds."""
    left: dict[tuple[str, str], int] = {}

    def add(table: str, column: str, count: int = 1) -> None:
        left[(table, column)] = left.get((table, column), 0) + count

    for table, masks in found.masked():
        _look_again(connection, found, table, masks, add)
    for table in found.deleted():
        key = found.graph.key(table.key)
        add(table.key, key[0], len(_still(connection, found, table, key)))
    if walk is not None:
        for table in found.graph.description.tables.values():
            cells = named(table.name, table.schema, table.columns)
            where = None if table.skipped else seeking(walk, table, cells)
            if where is not None:
                asked = sa.select(sa.func.count()).select_from(cells).where(where)
                add(
                    table.key,
                    table.identities[0].name,
                    int(connection.execute(asked).scalar() or 0),
                )
    return [Left(table, column, rows) for (table, column), rows in left.items() if rows]


def _look_again(
    connection: Connection, found: Erasing, table: Table, masks: dict[str, Mask], add: Any
) -> None:
    key = found.graph.key(table.key)
    if set(key) & set(masks):  # the rows have other keys now; under the old ones is nothing
        for name in set(key) & set(masks):
            add(table.key, name, len(_still(connection, found, table, key)))
        return
    before = found.rows[table.key]
    for cells in _still(connection, found, table, (*key, *masks)):
        was = before.get(tuple(cells[name] for name in key))
        for name, how in masks.items():
            now = cells[name]
            gone = now is None if how.way == "null" else _other(was, name, now, how)
            if not gone:
                add(table.key, name)


def _other(was: Cells | None, name: str, now: Any, how: Mask) -> bool:
    """Whether the value is another one than before, or was the replacement already."""
    if was is None or was[name] is None or same(was[name]) != same(now):
        return True
    return bool(now == how.value) or bool(same(now) == same(how.value))


def _still(
    connection: Connection, found: Erasing, table: Table, columns: tuple[str, ...]
) -> list[dict[str, Any]]:
    key = found.graph.key(table.key)
    names = list(dict.fromkeys((*key, *columns)))
    cells = named(table.name, table.schema, names)
    listed = []
    for part in chunks(found.rows[table.key]):
        asked = sa.select(*(cells.c[name] for name in names)).where(among(cells, key, part))
        listed += [dict(zip(names, row, strict=True)) for row in connection.execute(asked)]
    return listed


def nothing_left(left: list[Left], label: str, *, kept: bool) -> None:
    """Raise `SourceInvalid` if reading back found something. `kept`: after the commit."""
    if left:
        places = ", ".join(f"{one.place}.{one.field}" for one in left)
        raise SourceInvalid(
            f"{label}: reading back found what should be gone or different: {places}.",
            why="It was there again after the change was committed."
            if kept
            else "Something in the database puts it back, such as a trigger; nothing was changed.",
            do="Look for triggers and for programs that write there.",
        )
