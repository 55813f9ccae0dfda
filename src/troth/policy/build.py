"""From the values of a file to the model, noting everything whose form is wrong."""

from __future__ import annotations

import re
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

_NOTHING = object()
_KINDS: dict[type, str] = {
    str: "a text in quotes",
    int: "a whole number",
    bool: "true or false",
    date: "a date without quotes, such as 2026-01-31",
    Period: "a text such as `30 days`",
}


def build(document: Document, problems: Problems) -> Policy | None:
    """The policy, or None if a form is wrong. Problems are noted either way."""
    parts: dict[str, Any] = {}
    for name, value in document.values.items():
        table = TABLES.get(name)
        if table is None:
            hint = "" if problems.full else _table_hint(name)
            problems.add("T102", document.key((name,)), f"Unknown table `{_cut(name)}`", hint)
        else:
            parts[table.attribute] = _table(table, name, value, document, problems)
    if document.whole:
        for name in ("policy", "company"):
            if name not in document.values:
                problems.add("T101", document.key(()), f"The table [{name}] is missing")
    if problems.errors:
        return None
    return Policy(**parts, source=document.text)


def _table_hint(name: str) -> str:
    return did_you_mean(name, TABLES, "")


def _table(
    table: Table, name: str, value: object, document: Document, problems: Problems
) -> object:
    path: Path = (name,)
    if table.named:
        if not isinstance(value, dict) or not all(isinstance(v, dict) for v in value.values()):
            problems.add(
                "T104", document.key(path), f"`{name}` has to be tables with keys",
                f"Write [{name}.some-key] and put the keys under it.",
            )
            return {}
        for key in value:
            if not re.fullmatch(NAME, key):
                problems.add(
                    "T108", document.key((*path, key)),
                    f"`{_cut(key)}` is not a key",
                    "A key has small letters, digits and hyphens, such as `card-processor`.",
                )
        return {
            key: _record(table.type, item, (*path, key), document, problems, key=key)
            for key, item in value.items()
        }
    if table.many:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            problems.add(
                "T104", document.key(path), f"`{name}` has to be an array of tables",
                f"Write [[{name}]] with two brackets, once for each.",
            )
            return ()
        return tuple(
            _record(table.type, item, (*path, index), document, problems)
            for index, item in enumerate(value)
        )
    if not isinstance(value, dict):
        problems.add(
            "T104", document.key(path), f"`{name}` has to be a table", f"Write [{name}] once."
        )
        return None
    return _record(table.type, value, path, document, problems)


def _record(
    type_: type, values: dict[str, Any], path: Path, document: Document, problems: Problems,
    key: str = "",
) -> object:
    known = slots(type_)
    clause = values.get("clause") if issubclass(type_, Block) else ""
    clause = clause if isinstance(clause, str) else ""
    given: dict[str, Any] = {}
    title = f"[{path[0]}.{key}]" if key else _title(path)
    for name, value in values.items():
        slot = known.get(name)
        if slot is None:
            hint = "" if problems.full else did_you_mean(
                name, known, f"{title} knows {', '.join(known)}."
            )
            problems.add(
                "T103", document.key((*path, name)),
                f"{title} has no key `{_cut(name)}`", hint, clause=clause,
            )
            continue
        result = _value(slot, value, (*path, name), document, problems, clause)
        if result is not _NOTHING:
            given[slot.attribute] = result
    for slot in known.values():
        if slot.required and slot.name not in values and document.whole:
            problems.add(
                "T105", document.key(path), f"{title} needs `{slot.name}`",
                f"Add `{example(slot)}`. {slot.key.doc}.", clause=clause,
            )
    if any(slot.required and slot.attribute not in given for slot in known.values()):
        return None
    hidden = {"key": key, "line": document.key(path).line}
    names = {item for item in hidden if item in getattr(type_, "__dataclass_fields__", {})}
    return type_(**given, **{item: hidden[item] for item in names})


def _title(path: Path) -> str:
    return f"[[{path[0]}]]" if len(path) > 1 else f"[{path[0]}]"


def _cut(name: str) -> str:
    """A name somebody wrote, short enough for a message."""
    return name if len(name) <= 60 else name[:57] + "…"


def _value(
    slot: Slot, value: object, path: Path, document: Document, problems: Problems, clause: str
) -> object:
    if not slot.many:
        return _one(slot, value, path, document, problems, clause)
    if not isinstance(value, list):
        problems.add(
            "T104", document.place(path), f"`{slot.name}` has to be a list",
            f"Write `{example(slot)}`.", clause=clause,
        )
        return _NOTHING
    items = [
        _one(slot, item, (*path, index), document, problems, clause)
        for index, item in enumerate(value)
    ]
    for index, item in enumerate(items):
        if isinstance(item, str) and item in items[:index] and slot.name != "lines":
            problems.add(
                "T210", document.place((*path, index)),
                f"`{_cut(item)}` stands in `{slot.name}` twice", clause=clause,
            )
    if not items and slot.required:
        problems.add(
            "T105", document.place(path), f"`{slot.name}` is empty",
            f"Write `{example(slot)}`.", clause=clause,
        )
    return _NOTHING if any(item is _NOTHING for item in items) else tuple(items)


def _one(
    slot: Slot, value: object, path: Path, document: Document, problems: Problems, clause: str
) -> object:
    place = document.place(path)
    kind = slot.type
    if hasattr(kind, "__dataclass_fields__") and kind is not Period:
        if isinstance(value, dict):
            return _record(kind, value, path, document, problems) or _NOTHING
        problems.add("T104", place, f"`{slot.name}` has to be a table")
        return _NOTHING
    written: type = str if kind is Period else kind
    fits = type(value) is written and not isinstance(value, datetime)
    if not fits:
        problems.add(
            "T104", place, f"`{slot.name}` has to be {_KINDS[kind]}, not {_described(value)}",
            f"Write `{example(slot)}`.", clause=clause,
        )
        return _NOTHING
    if kind is Period:
        return _period(slot, str(value), path, document, problems, clause)
    if isinstance(value, int) and not isinstance(value, bool):
        low, high = slot.key.low, slot.key.high
        if (low is not None and value < low) or (high is not None and value > high):
            problems.add(
                "T109", place, f"`{slot.name}` has to be between {low} and {high}", clause=clause
            )
            return _NOTHING
    if isinstance(value, str):
        return _text(slot, value, path, document, problems, clause)
    return value


def _text(
    slot: Slot, value: str, path: Path, document: Document, problems: Problems, clause: str
) -> object:
    place = document.place(path)
    if unseen := UNSEEN.search(value):
        problems.add(
            "T005", place, f"`{slot.name}` has a U+{ord(unseen[0]):04X} in it", clause=clause
        )
        return _NOTHING
    if slot.key.one_of and value not in slot.key.one_of:
        listed = [word for word in slot.key.one_of if word]
        problems.add(
            "T106", place, f"`{_cut(value)}` is not a value of `{slot.name}`",
            did_you_mean(value, listed, f"Use one of {', '.join(listed)}."), clause=clause,
        )
        return _NOTHING
    if slot.key.pattern and not re.fullmatch(slot.key.pattern, value):
        problems.add(
            "T108", place, f"`{slot.name}` is malformed: {_quoted(value)}",
            f"Write `{example(slot)}`." if slot.key.like else "", clause=clause,
        )
        return _NOTHING
    if slot.required and not value.strip():
        problems.add("T105", place, f"`{slot.name}` is empty", clause=clause)
        return _NOTHING
    if slot.key.of != "text" and "\n" in value:
        problems.add("T108", place, f"`{slot.name}` has to be one line", clause=clause)
        return _NOTHING
    return value


def _period(
    slot: Slot, value: str, path: Path, document: Document, problems: Problems, clause: str
) -> object:
    place = document.place(path)
    try:
        period = Period.parse(value)
    except PeriodInvalid as error:
        problems.add("T107", place, f"{_quoted(value)} is not a period", f"{error}.",
                     clause=clause)
        return _NOTHING
    if slot.key.of == "period" and not period.after:
        problems.add(
            "T107", place, f"`{slot.name}` does not say since when",
            f"Write `{period} after last contact`, or another event.", clause=clause,
        )
        return _NOTHING
    if slot.key.of == "span" and period.after:
        problems.add(
            "T107", place, f"`{slot.name}` needs no `after`: it runs from the request",
            f"Write `{Period(period.count, period.unit)}`.", clause=clause,
        )
        return _NOTHING
    return period


def _quoted(value: str) -> str:
    return f"`{_cut(value)}`" if value else "an empty text"


def _described(value: object) -> str:
    kinds: dict[type, str] = {
        str: "a text", int: "a number", float: "a number with a point", bool: "true or false",
        list: "a list", dict: "a table", date: "a date", datetime: "a date with a time",
    }
    return kinds.get(type(value), "a time")
