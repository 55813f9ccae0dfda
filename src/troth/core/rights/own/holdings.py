"""Where rows of people are, found from the models: no list of tables is kept by hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models import QuerySet

from troth.core.among import Ids
from troth.core.organisations.scope import current_organisation_id, scope
from troth.core.organisations.scoped import Scoped
from troth.core.people.models import Person
from troth.core.sealing.fields import SealedField
from troth.core.sealing.rows import SealedPart, SealedRowField
from troth.core.statements import run


@dataclass(frozen=True)
class Holding:
    """A model whose rows belong to people, and the look-up that leads from a row to the person."""

    model: type[Scoped]
    path: str

    def rows(self, people: frozenset[UUID]) -> QuerySet[Any]:
        return self.model._default_manager.filter(**{f"{self.path}__id__among": people})

    @property
    def sealed(self) -> list[SealedField]:
        """Its fields with personal values, each of which can be read by itself."""
        return [
            field
            for field in self.model._meta.local_fields
            if isinstance(field, SealedField) and not isinstance(field, SealedRowField)
        ]

    @property
    def label(self) -> str:
        return self.model._meta.label

    @property
    def name(self) -> str:
        """What people read."""
        return str(self.model._meta.verbose_name_plural)


@cache
def holdings() -> tuple[Holding, ...]:
    """All models whose rows go with a person: by a key to them, or to a row that has one."""
    paths: dict[type[Scoped], str] = {}
    waiting = [model for model in apps.get_models() if issubclass(model, Scoped)]
    waiting = [model for model in waiting if _is_table(model)]
    found = True
    while found:
        found = False
        for model in waiting:
            if model not in paths and (path := _path(model, paths)):
                paths[model], found = path, True
    return tuple(Holding(model, path) for model, path in paths.items())


def with_rows(people: Iterable[UUID]) -> list[Holding]:
    """Those that have rows of these people: found by one statement, which is worked out once."""
    connection = connections[DEFAULT_DB_ALIAS]
    ids, organisation = Ids(people), current_organisation_id()
    values: dict[str, Any] = {
        _PEOPLE: ids.hexes if connection.vendor == "postgresql" else ids.as_json,
        _OWNER: _spelled(connection, organisation),
    }
    text, asks = _asking(connection.vendor)
    rows = run(connection, text, [values[one] for one in asks])
    there = {number for (number,) in rows}
    return [one for number, one in enumerate(holdings()) if number in there]


_PEOPLE, _OWNER = "people", "owner"
_NOBODY: Final = UUID(int=0)


@cache
def _asking(vendor: str) -> tuple[str, tuple[str, ...]]:
    """The statement, and what each of its values is."""
    connection = connections[DEFAULT_DB_ALIAS]
    owner = _spelled(connection, _NOBODY)
    parts, asks = [], list[str]()
    with scope(_NOBODY):
        for number, holding in enumerate(holdings()):
            found = holding.rows(frozenset()).order_by().values_list("pk")
            text, values = found.query.sql_with_params()
            parts.append(f"SELECT {number} WHERE EXISTS ({text})")
            asks += [_OWNER if value == owner else _PEOPLE for value in values]
    return " UNION ALL ".join(parts), tuple(asks)


def _spelled(connection: Any, organisation: UUID) -> Any:
    return Person._meta.pk.get_db_prep_value(organisation, connection)


def _is_table(model: type[Scoped]) -> bool:
    return model is not Person and bool(model._meta.managed)


def _path(model: type[Scoped], paths: dict[type[Scoped], str]) -> str:
    """The shortest way that holds the row to a person: a key whose row takes this one along."""
    keys = [
        field
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is models.CASCADE
        and not field.null
    ]
    # What a row says is sealed for goes before any other person it may point at.
    subjects = {f.subject for f in model._meta.local_fields if isinstance(f, SealedField)}
    keys.sort(key=lambda field: field.name not in subjects)
    for field in keys:
        if field.related_model is Person:
            return str(field.name)
    for field in keys:
        related: Any = field.related_model
        if related in paths and related is not model:
            return f"{field.name}__{paths[related]}"
    return ""


def is_part(field: SealedField) -> bool:
    """Whether the field is a part of a sealed row and has no column."""
    return isinstance(field, SealedPart)
