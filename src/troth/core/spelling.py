"""How a database takes the values of a model's columns, found out once for each model."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Final
from uuid import UUID

from django.db import connections, models

Spell = Callable[[Any], Any]
OWNER: Final = "organisation_id"
TEXTS: Final = (models.CharField, models.TextField)
NUMBERS: Final = (
    *(models.BooleanField, models.SmallIntegerField, models.IntegerField, models.BigIntegerField),
    *(models.PositiveSmallIntegerField, models.PositiveIntegerField),
)


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column: where a row has its value, and how the database takes it."""

    field: Any
    attribute: str
    spell: Spell | None  # None: the field has ways of its own


@cache
def columns_of(model: type[models.Model], alias: str, vendor: str) -> tuple[Column, ...]:
    """All columns of `model` as a database of that `vendor` takes them, the owner's last."""
    fields = sorted(model._meta.local_concrete_fields, key=lambda field: field.attname == OWNER)
    return tuple(Column(field, field.attname, _spelling(field, alias)) for field in fields)


def _spelling(field: Any, alias: str) -> Spell | None:
    """How a plain field's value is spelled; None for a field with ways of its own."""
    kind, connection = type(field), connections[alias]
    if kind is models.ForeignKey:
        return _spelling(field.target_field, alias)
    if kind is models.UUIDField:
        return _same if connection.features.has_native_uuid_field else _hex
    if kind is models.DateTimeField and not (field.auto_now or field.auto_now_add):
        # Rows of one act have the same moment.
        return lru_cache(maxsize=16)(connection.ops.adapt_datetimefield_value)
    if kind in TEXTS:
        return _text
    if kind is models.JSONField and field.encoder is None:
        return _json
    return _same if kind in NUMBERS or kind is models.BinaryField else None


def _same(value: Any) -> Any:
    return value


def _hex(value: Any) -> str | None:
    return value if value is None or type(value) is str else value.hex


def _text(value: Any) -> str | None:
    return value if value is None or type(value) is str else str(value)


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value)


def column_kind(column: Column, connection: Any) -> str:
    """The column's type in PostgreSQL, to cast to. A cast to varchar(n) would cut in silence; into
    the column itself it refuses.
    """
    kind = str(column.field.db_type(connection))
    return "text" if kind.startswith("varchar") else kind


def array(values: Iterable[Any]) -> str:
    """Values as PostgreSQL writes an array (manual, section 8.15.6); its driver takes longer."""
    return f"{{{','.join([_ITEMS[type(value)](value) for value in values])}}}"


def _quoted(value: Any) -> str:
    text = str(value)
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _bytes(value: Any) -> str:
    value = getattr(value, "obj", value)  # Django wraps what is meant for the driver
    return f'"\\\\x{value.hex()}"'


_ITEMS: Final[dict[type, Callable[[Any], str]]] = defaultdict(
    lambda: _bytes,
    {
        type(None): lambda _: "NULL",
        str: _quoted,
        bool: str,
        int: str,
        datetime: _quoted,
        UUID: _quoted,
    },
)
