"""The format as a JSON Schema (2020-12), so that editors complete and check a policy.

It is made from the model; `policy.schema.json` is its published copy, and a test keeps them one.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from troth.policy.model import TABLES, Table
from troth.policy.periods import PATTERN, Period
from troth.policy.shape import Slot, slots
from troth.policy.words import NAME

_DATE = {"type": "string", "format": "date"}
_SPAN = PATTERN.partition("( after")[0] + "$"
_SINCE = PATTERN.removesuffix("?$") + "$"


def schema() -> dict[str, Any]:
    """The schema of a policy file. TOML dates count as strings, as TOML tools hand them over."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://troth.example/policy.schema.json",
        "title": "Troth policy",
        "description": "A privacy policy that people read and software runs by.",
        "type": "object",
        "properties": {name: _table(table) for name, table in TABLES.items()},
        "required": ["policy", "company"],
        "additionalProperties": False,
    }


def text() -> str:
    """The schema as it is published."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _table(table: Table) -> dict[str, Any]:
    one = _record(table.type)
    if table.many:
        return {"type": "array", "items": one}
    if table.named:
        return {"type": "object", "propertyNames": {"pattern": NAME}, "additionalProperties": one}
    return one


def _record(table: type) -> dict[str, Any]:
    known = slots(table)
    return {
        "type": "object",
        "description": " ".join((table.__doc__ or "").split()),
        "properties": {name: _slot(slot) for name, slot in known.items()},
        "required": [name for name, slot in known.items() if slot.required],
        "additionalProperties": False,
    }


def _slot(slot: Slot) -> dict[str, Any]:
    one = _one(slot)
    if not slot.many:
        return {"description": f"{slot.key.doc}.", **one}
    found: dict[str, Any] = {"description": f"{slot.key.doc}.", "type": "array", "items": one}
    if slot.required:
        found["minItems"] = 1
    if slot.name != "lines" and not slot.table:
        found["uniqueItems"] = True
    return found


def _one(slot: Slot) -> dict[str, Any]:
    key = slot.key
    if slot.table:
        return _record(slot.type)
    if slot.type is Period:
        return {"type": "string", "pattern": _SINCE if key.of == "period" else _SPAN}
    if slot.type is date:
        return dict(_DATE)
    if slot.type is int:
        return {"type": "integer", "minimum": key.low, "maximum": key.high}
    return {"type": "boolean"} if slot.type is bool else _text(slot)


def _text(slot: Slot) -> dict[str, Any]:
    if slot.key.one_of:
        return {"enum": list(slot.key.one_of)}
    found: dict[str, Any] = {"type": "string"}
    if slot.key.pattern:
        found["pattern"] = slot.key.pattern
    elif slot.required:
        found["pattern"] = r"\S"
    return found
