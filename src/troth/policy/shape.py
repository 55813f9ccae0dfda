"""What the tables of the file look like, taken from the model's own annotations.

The reader, the JSON Schema and the reference in the docs all ask here, so that none of them can
say something else than the model.
"""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from troth.policy.periods import Period


@dataclass(frozen=True)
class Key:
    """What a key of the file holds, beyond the Python type of its attribute."""

    doc: str
    of: str = ""
    """What its strings name: data, use, purpose, recipient, party, touchpoint, clause, text."""
    name: str = ""
    """Its name in the file, where Python cannot have it as an attribute."""
    one_of: tuple[str, ...] = ()
    pattern: str = ""
    like: str = ""
    """An example, shown when the value does not fit."""
    low: int | None = None
    high: int | None = None


class Unwritten:
    """Marks an attribute that is not a key of the file."""


@dataclass(frozen=True)
class Slot:
    """One key of a table."""

    name: str
    attribute: str
    type: type
    """str, int, bool, date, Period, or the dataclass of a table inside this one."""
    many: bool
    required: bool
    key: Key

    @property
    def table(self) -> bool:
        """Whether its values are tables inside this one."""
        return self.type is not Period and is_dataclass(self.type)


_SLOTS: dict[type, dict[str, Slot]] = {}


def slots(table: type) -> dict[str, Slot]:
    """The keys of a table, by their names in the file, in the model's order."""
    if table not in _SLOTS:
        _SLOTS[table] = _slots(table)
    return _SLOTS[table]


def _slots(table: Any) -> dict[str, Slot]:
    hints = get_type_hints(table, include_extras=True)
    found = {}
    for item in fields(table):
        hint = hints[item.name]
        kind, *extras = get_args(hint) if hasattr(hint, "__metadata__") else (hint,)
        if any(extra is Unwritten for extra in extras):
            continue
        key = next(extra for extra in extras if isinstance(extra, Key))
        many = get_origin(kind) is tuple
        if many or isinstance(kind, UnionType):
            kind = get_args(kind)[0]
        name = key.name or item.name
        required = item.default is MISSING and item.default_factory is MISSING
        found[name] = Slot(name, item.name, kind, many, required, key)
    return found


def example(slot: Slot) -> str:
    """How a value of this key is written."""
    plain: dict[Any, str] = {
        str: '"…"',
        int: "13",
        bool: "true",
        date: "2026-01-31",
        Period: '"30 days"',
    }
    one = slot.key.like or plain.get(slot.type, "{ … }")
    if slot.key.one_of and not slot.key.like:
        one = f'"{slot.key.one_of[0]}"'
    return f"{slot.name} = [{one}]" if slot.many else f"{slot.name} = {one}"
