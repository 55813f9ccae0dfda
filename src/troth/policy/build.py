"""From the values of a file to the model, noting everything whose form is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from troth.policy.blocks import Block
from troth.policy.document import UNSEEN, Document, Path
from troth.policy.model import TABLES, Policy, Table
from troth.policy.nearest import did_you_mean
from troth.policy.periods import Period, PeriodInvalid
from troth.policy.problems import Problems
from troth.policy.shape import Slot, example, slots
from troth.policy.words import NAME

_LONGEST = 60
_MOST = 1_000
_NOTHING = object()
"""Stands for a value whose form is wrong; that has been noted."""

_WANTED: dict[type, str] = {
    str: "a text in quotes",
    int: "a whole number",
    bool: "true or false",
    date: "a date without quotes, such as 2026-01-31",
    Period: "a text such as `30 days`",
}
_GIVEN: dict[type, str] = {
    str: "a text",
    int: "a number",
    float: "a number with a point",
    bool: "true or false",
    list: "a list",
    dict: "a table",
    date: "a date",
    datetime: "a date with a time",
}


@dataclass(frozen=True)
class Built:
    """A policy as far as it could be read. Where a form is wrong, its value is empty."""

    policy: Policy
    broken: frozenset[int]
    """The ids of the tables in which something needed could not be read."""
    complete: bool
    """Whether no table is missing, so that the lack of a thing means something."""


def build(document: Document, problems: Problems) -> Built:
    """The policy, for further checks; whether it is right is up to the problems noted."""
    return _Builder(document, problems).policy()


@dataclass(frozen=True)
class _Spot:
    """Where in the file a value stands, and the key it is for."""

    path: Path
    slot: Slot
    clause: str


@dataclass(frozen=True)
class _Builder:
    document: Document
    problems: Problems
    broken: set[int] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)

    def policy(self) -> Built:
        parts: dict[str, Any] = {}
        for name, value in self.document.values.items():
            if self.problems.full:
                self.problems.dropped += 1
                break
            table = TABLES.get(name)
            if table is None:
                hint = "" if self.problems.full else did_you_mean(name, TABLES, "")
                self._say("T102", (name,), f"Unknown table `{_cut(name)}`", hint)
                self.lost.append(name)
            else:
                parts[table.attribute] = self._table(table, name, value)
        for name in ("policy", "company"):
            if name not in self.document.values and self.document.whole:
                needed = [slot.name for slot in slots(TABLES[name].type).values() if slot.required]
                hint = f"Add [{name}] with {' and '.join(f'`{one}`' for one in needed)}."
                self._say("T101", (), f"The table [{name}] is missing", hint)
                self.lost.append(name)
            table = TABLES[name]
            if parts.get(table.attribute) is None:
                parts[table.attribute] = self._record(table.type, {}, (name,), quiet=True)
        policy = Policy(**parts, source=self.document.text)
        complete = self.document.whole and not self.lost
        return Built(policy, frozenset(self.broken), complete)

    def _say(self, code: str, path: Path, message: str, hint: str = "", clause: str = "") -> None:
        self.problems.add(code, self.document.key(path), message, hint, clause=clause)

    def _refuse(self, code: str, spot: _Spot, message: str, hint: str = "") -> object:
        place = self.document.place(spot.path)
        self.problems.add(code, place, message, hint, clause=spot.clause)
        return _NOTHING

    def _lost(self, name: str, wanted: str, hint: str) -> None:
        self._say("T104", (name,), f"`{name}` has to be {wanted}", hint)
        self.lost.append(name)

    def _table(self, table: Table, name: str, value: object) -> object:
        if table.named:
            return self._named(table, name, value)
        if table.many:
            if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
                hint = f"Write [[{name}]] with two brackets, once for each."
                self._lost(name, "an array of tables", hint)
                return ()
            if len(value) > _MOST:
                message = f"There are more than {_MOST:,} [[{name}]], which are not read"
                self._say("T002", (name, _MOST), message)
            return tuple(
                self._record(table.type, item, (name, index))
                for index, item in enumerate(value[:_MOST])
            )
        if not isinstance(value, dict):
            self._lost(name, "a table", f"Write [{name}] once.")
            return None
        return self._record(table.type, value, (name,))

    def _named(self, table: Table, name: str, value: object) -> object:
        if not isinstance(value, dict) or not all(isinstance(v, dict) for v in value.values()):
            hint = f"Write [{name}.some-key] and put the keys under it."
            self._lost(name, "tables with keys", hint)
            return {}
        for key in value:
            if not re.fullmatch(NAME, key):
                hint = "A key has small letters, digits and hyphens, such as `card-processor`."
                self._say("T108", (name, key), f"`{_cut(key)}` is not a key", hint)
        return {
            key: self._record(table.type, item, (name, key), key) for key, item in value.items()
        }

    def _record(
        self, type_: type, values: dict[str, Any], path: Path, key: str = "", *, quiet: bool = False
    ) -> object:
        known = slots(type_)
        number = values.get("clause") if issubclass(type_, Block) else ""
        clause = number if isinstance(number, str) else ""
        title = f"[{path[0]}.{_cut(key)}]" if key else _title(path)
        given: dict[str, Any] = {}
        for name, value in values.items():
            if self.problems.full:
                self.problems.dropped += 1
                break
            if name not in known:
                listed = f"{title} knows {', '.join(known)}."
                hint = "" if self.problems.full else did_you_mean(name, known, listed)
                self._say("T103", (*path, name), f"{title} has no key `{_cut(name)}`", hint, clause)
                continue
            given[known[name].attribute] = self._value(
                _Spot((*path, name), known[name], clause), value
            )
        for slot in known.values():
            if slot.required and slot.name not in values:
                given[slot.attribute] = _NOTHING
                if self.document.whole and not quiet:
                    hint = f"Add `{example(slot)}`. {slot.key.doc}."
                    self._say("T105", path, f"{title} needs `{slot.name}`", hint, clause)
        hidden = {"key": key, "line": self.document.key(path).line}
        fields = getattr(type_, "__dataclass_fields__", {})
        given |= {item: hidden[item] for item in hidden if item in fields}
        wrong = [name for name, value in given.items() if value is _NOTHING]
        given |= {
            slot.attribute: _empty(slot) for slot in known.values() if slot.attribute in wrong
        }
        record: object = type_(**given)
        if wrong:
            self.broken.add(id(record))
        return record

    def _value(self, spot: _Spot, value: object) -> object:
        slot = spot.slot
        if not slot.many:
            return self._one(spot, value)
        if not isinstance(value, list):
            return self._refuse(
                "T104", spot, f"`{slot.name}` has to be a list", f"Write `{example(slot)}`."
            )
        spots = [replace(spot, path=(*spot.path, index)) for index in range(len(value))]
        items = [self._one(one, item) for one, item in zip(spots, value, strict=True)]
        seen: set[object] = set()
        for one, item in zip(spots, items, strict=True):
            if isinstance(item, str) and item in seen and slot.name != "lines":
                self._refuse("T210", one, f"`{_cut(item)}` stands in `{slot.name}` twice")
            seen.add(item)
        if not items and slot.required:
            hint = f"Write `{example(slot)}`."
            return self._refuse("T105", spot, f"`{slot.name}` is empty", hint)
        # A text that is wrong leaves a gap, so that the others keep their places in the list.
        items = ["" if item is _NOTHING and slot.type is str else item for item in items]
        return tuple(item for item in items if item is not _NOTHING)

    def _one(self, spot: _Spot, value: object) -> object:
        slot = spot.slot
        if slot.table:
            if isinstance(value, dict):
                return self._record(slot.type, value, spot.path)
            return self._refuse("T104", spot, f"`{slot.name}` has to be a table")
        written = str if slot.type is Period else slot.type
        if type(value) is not written:
            message = f"`{slot.name}` has to be {_WANTED[slot.type]}, not "
            message += _GIVEN.get(type(value), "a time")
            return self._refuse("T104", spot, message, f"Write `{example(slot)}`.")
        if isinstance(value, str):
            return self._period(spot, value) if slot.type is Period else self._text(spot, value)
        low, high = slot.key.low, slot.key.high
        if low is not None and high is not None and not low <= _number(value) <= high:
            return self._refuse("T109", spot, f"`{slot.name}` has to be between {low} and {high}")
        return value

    def _text(self, spot: _Spot, value: str) -> object:
        slot = spot.slot
        if unseen := UNSEEN.search(value):
            message = f"`{slot.name}` has a U+{ord(unseen[0]):04X} in it"
            return self._refuse("T005", spot, message)
        if slot.key.one_of and value not in slot.key.one_of:
            listed = [word for word in slot.key.one_of if word]
            hint = f"Use one of {', '.join(listed)}."
            hint = hint if self.problems.full else did_you_mean(value, listed, hint)
            message = f"{_quoted(value)} is not a value of `{slot.name}`"
            return self._refuse("T106", spot, message, hint)
        if slot.key.pattern and not re.fullmatch(slot.key.pattern, value):
            hint = f"Write `{example(slot)}`." if slot.key.like else ""
            message = f"`{slot.name}` is malformed: {_quoted(value)}"
            return self._refuse("T108", spot, message, hint)
        if slot.required and not value.strip():
            hint = f"Write `{example(slot)}`."
            return self._refuse("T105", spot, f"`{slot.name}` is empty", hint)
        if slot.key.of != "text" and "\n" in value:
            return self._refuse("T108", spot, f"`{slot.name}` has to be one line")
        return value

    def _period(self, spot: _Spot, value: str) -> object:
        slot = spot.slot
        try:
            period = Period.parse(value)
        except PeriodInvalid as error:
            return self._refuse("T107", spot, f"{_quoted(value)} is not a period", f"{error}.")
        if slot.key.of == "period" and not period.after:
            hint = f"Write `{period} after last contact`, or another event."
            return self._refuse("T107", spot, f"`{slot.name}` does not say since when", hint)
        if slot.key.of == "span" and period.after:
            hint = f"Write `{Period(period.count, period.unit)}`."
            message = f"`{slot.name}` needs no `after`: it runs from the request"
            return self._refuse("T107", spot, message, hint)
        return period


def _empty(slot: Slot) -> object:
    """What stands in for a value that could not be read; checks take it for nothing said."""
    if slot.many:
        return ()
    if slot.key.of == "text":
        return "…"
    nothing: dict[type, object] = {str: "", bool: False, date: date.min}
    return nothing.get(slot.type)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _title(path: Path) -> str:
    names = [part for part in path if isinstance(part, str)]
    many = isinstance(path[-1], int)
    return f"[[{'.'.join(names)}]]" if many else f"[{'.'.join(names)}]"


def _cut(name: str) -> str:
    """A name somebody wrote, short and plain enough for a message."""
    name = UNSEEN.sub("?", name).replace("\n", " ")
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"


def _quoted(value: str) -> str:
    return f"`{_cut(value)}`" if value else "an empty text"
