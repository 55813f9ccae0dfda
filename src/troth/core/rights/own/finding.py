"""What is held about a person here, read under their own right of access."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from django.db import models
from django.db.models import Model

from troth.core.asking import ALL, look_up
from troth.core.people.models import Element, Person
from troth.core.rights.own.holdings import Holding, with_rows
from troth.core.rights.own.places import label_of, purposes_of, rules_of, source_of
from troth.core.rights.own.telling import telling
from troth.core.rights.sources import Found
from troth.core.sealing.fields import SealedField
from troth.core.sealing.sealed import Sealed

PLACE: Final = "This service"
TOLD: Final = frozenset(
    (
        *("purpose", "manner", "touchpoint", "clause", "version", "way", "kind", "wording"),
        *("category", "language", "answer", "tries"),
    )
)
"""Names of plain fields that say something to a person, whichever row they are in. Ids, digests
and passwords do not, and are nobody's to see."""


def found(people: frozenset[UUID]) -> Iterator[Found]:
    """Every value, newest first, then what else is kept: choices, log-ins, mails. Call it inside
    `gate.uses.own`.
    """
    elements = Element.objects.filter(person__id__among=people)
    for element in elements.order_by("-collected_at", "-id").iterator(chunk_size=1000):
        rules = rules_of(element.version)
        yield Found(
            place=PLACE,
            label=label_of(rules, element),
            category=element.category,
            value=_readable(element.value),
            origin=source_of(rules, element.touchpoint),
            clause=element.clause,
            version=element.version,
            at=element.collected_at,
            purposes=purposes_of(rules, element.touchpoint, element.category),
            offline=element.offline,
        )
    for holding in with_rows(people):
        if holding.model is not Element:
            yield from _rows(holding, people)
    for person in look_up(Person, ALL, id=tuple(people)):
        yield Found(PLACE, "Your record", "system", _facts(person), at=person.created_at)


def _rows(holding: Holding, people: frozenset[UUID]) -> Iterator[Found]:
    told = telling(holding.label)
    rows = holding.rows(people).order_by("pk")
    if told.rows:
        rows = rows.exclude(told.rows)
    if told.present is not None:
        yield from told.present(rows)
        return
    for row in rows.iterator(chunk_size=1000):
        for field in holding.sealed:
            if field.name not in told.fields:
                yield from _sealed(holding, row, field)
        if facts := _facts(row):
            yield Found(PLACE, holding.name, "system", facts, at=_since(row))


def _sealed(holding: Holding, row: Any, field: SealedField) -> Iterator[Found]:
    value = getattr(row, field.attname)
    if value is not None:
        label = f"{holding.name}: {field.verbose_name}"
        category = field.category_of(row)
        # By the version it came under where the row knows that, else by the one in force.
        touchpoint = getattr(row, "touchpoint", "") or telling(holding.label).place
        rules = rules_of(getattr(row, "version", ""))
        known = rules.touchpoints.get(touchpoint)
        yield Found(
            PLACE,
            label,
            category,
            _readable(value),
            origin=source_of(rules, touchpoint) if touchpoint else "",
            clause=known.clause if known else "",
            version=getattr(row, "version", ""),
            at=_since(row),
            purposes=purposes_of(rules, touchpoint, category),
        )


def _facts(row: Model) -> dict[str, Any]:
    """The plain fields of a row that tell a person something."""
    facts: dict[str, Any] = {}
    for field in row._meta.local_fields:
        tells = isinstance(field, models.DateTimeField) or field.choices or field.name in TOLD
        if tells and not isinstance(field, SealedField | models.ForeignKey | models.BinaryField):
            value = getattr(row, field.attname)
            if value not in (None, ""):
                words = dict(field.flatchoices) if field.choices else {}
                facts[str(field.verbose_name)] = str(words.get(value, value)) if words else value
    return facts


def _since(row: Model) -> Any:
    times = [field for field in row._meta.local_fields if isinstance(field, models.DateTimeField)]
    return next((found for field in times if (found := getattr(row, field.attname))), None)


def _readable(value: Any) -> Any:
    """A value whose key is gone is said to be so, rather than left out."""
    return None if isinstance(value, Sealed) else value
