"""What a column holds after erasure: nothing, or a replacement by its type and length.

A hash is none: whoever has a list of addresses can try them. A description that asks for one is
refused, as is one that leaves no way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

from troth.core.connect.description import Column
from troth.core.connect.graph import Graph
from troth.core.connect.schema import LiveColumn

Way = Literal["null", "value", "random", "kept"]
TRIED: Final = frozenset({"hash", "hmac", "aes_encrypt"})
GONE: Final = "erased"
AT_LEAST: Final = 12
"""Characters that a replacement needs so that no two are alike."""
MAILBOX: Final = "@erased.invalid"
_TYPES: Final = {
    "string": "string",
    "integer": "integer",
    "float": "number",
    "boolean": "boolean",
    "object": "json",
}
_EMPTY: Final[dict[str, Any]] = {
    "integer": 0,
    "number": Decimal(0),
    "boolean": False,
    "date": date(1970, 1, 1),
    "datetime": datetime(1970, 1, 1),  # noqa: DTZ001 - what a column without a zone takes too
    "time": time(0, 0),
    "json": "{}",
    "binary": b"",
}


@dataclass(frozen=True, slots=True)
class Mask:
    """How a column is emptied. `random` values are made by the database, one a row."""

    way: Way
    value: Any = None
    length: int = 0
    suffix: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class NoMask:
    """There is no way, and why: a key of `problems.SAID`."""

    key: str


def mask(graph: Graph, table: str, column: Column) -> Mask | NoMask:
    """How the column is emptied when its row stays."""
    there = graph.live.tables[table].columns[column.name]
    if there.generated:
        return Mask("kept", why="the database works it out from other columns")
    if column.strategy:
        return _named(graph, table, column, there)
    if kept := _kept(graph, table, column):
        return Mask("kept", why=kept)
    if column.read_only:
        return NoMask("read-only")
    held = _held(graph, table, column.name)
    if there.nullable and column.name not in graph.key(table):
        return NoMask("pointed-at") if held == "in" else Mask("null")
    if held:
        return NoMask("pointed-at" if held == "in" else "points")
    return _replacement(graph, table, column, there)


def _kept(graph: Graph, table: str, column: Column) -> str:
    """Why a column stays: a row's number says nothing about a person who is gone from the row."""
    number = column.category.startswith("user.unique_id")
    if number and (column.name,) == graph.key(table) and not column.identity:
        return "the row's number; nothing in the row says whose it was"
    points = any(
        one.table == table
        and one.columns == (column.name,)
        and graph.key(one.to_table) == one.to_columns
        for one in graph.pointers
    )
    if number and points and not column.identity:
        return "points at a row that no longer says whose it was"
    return ""


def _held(graph: Graph, table: str, name: str) -> str:
    """Whether a foreign key of the database itself stands on the column, or points at it."""
    for one in graph.pointers:
        if one.foreign is None or one.foreign.on_update == "CASCADE":
            continue
        if one.to_table == table and name in one.to_columns:
            return "in"
        if one.table == table and name in one.columns:
            return "out"
    return ""


def _named(graph: Graph, table: str, column: Column, there: LiveColumn) -> Mask | NoMask:
    if column.strategy in TRIED:
        return NoMask("hash")
    if column.read_only:
        return NoMask("read-only")
    settings = column.configuration
    kept = settings.get("format_preservation") or {}
    suffix = str(kept.get("suffix", "")) if isinstance(kept, dict) else ""
    if column.strategy == "null_rewrite":
        return Mask("null") if there.nullable else NoMask("not-null")
    if column.strategy == "string_rewrite":
        value = f"{settings.get('rewrite_value', '')}{suffix}"
        if _alone(graph, table, column.name):
            return NoMask("unique")
        return NoMask("too-short") if len(value) > _room(column, there) else Mask("value", value)
    if column.strategy == "random_string_rewrite":
        asked = settings.get("length", 30)
        length = min(asked if isinstance(asked, int) and asked > 0 else 30, 32)
        if length + len(suffix) > _room(column, there):
            return NoMask("too-short")
        return Mask("random", length=length, suffix=suffix)
    return NoMask("strategy")


def _replacement(graph: Graph, table: str, column: Column, there: LiveColumn) -> Mask | NoMask:
    kind = there.kind or _TYPES.get(column.data_type, "")
    if not kind:
        return NoMask("no-type")
    alone = _alone(graph, table, column.name)
    if kind == "string":
        room = _room(column, there)
        if not alone:
            return Mask("value", GONE[:room])
        if room < AT_LEAST:
            return NoMask("too-short")
        if "email" in column.category and room >= AT_LEAST + len(MAILBOX):
            return Mask("random", length=min(24, room - len(MAILBOX)), suffix=MAILBOX)
        return Mask("random", length=min(32, room))
    if alone and kind == "uuid":
        return Mask("random", length=32)
    if alone:
        return NoMask("unique")
    if kind == "uuid":
        return Mask("value", UUID(int=0))
    if kind == "enum":
        return NoMask("not-null")
    return Mask("value", _EMPTY[kind])


def _alone(graph: Graph, table: str, name: str) -> bool:
    """Whether the column is, or is part of, what must be unique."""
    keys = {*graph.live.tables[table].unique, graph.key(table)}
    return any(name in one for one in keys)


def _room(column: Column, there: LiveColumn) -> int:
    lengths = [one for one in (column.length, there.length) if one]
    return min(lengths, default=1_000)
