"""The values of one field in many rows, opened one after another without an instance for each.

An instance costs ten times what opening its value does. What opens, and for whom, is judged as for
a single row (`SealedField.open`); judgements that cannot differ are made once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from troth.core.keyring import store
from troth.core.keyring.opening import Opening
from troth.core.sealing.fields import SealedField
from troth.core.sealing.sealed import unseal

CHUNK = 2_000


def values(
    rows: QuerySet[Any], name: str, opening: Opening, *, key: str
) -> Iterator[tuple[str, str]]:
    """Of each row that opens: the id in its column `key`, as the database writes it, and the value
    of the sealed field `name`. What is null or does not open is left out.
    """
    field: Any = rows.model._meta.get_field(name)
    assert isinstance(field, SealedField)
    places = _places(field)
    found = (
        rows.order_by()
        .annotate(
            row_text=Cast("pk", TextField()),
            owner_text=Cast(f"{field.subject}_id", TextField()),
            key_text=Cast(key, TextField()),
        )
        .values_list("row_text", "owner_text", "key_text", name, *places)
    )
    judged: dict[tuple[Any, ...], str] = {}
    bound, organisation, named = field._bound, opening.organisation_bytes, opening.named  # noqa: SLF001
    for row, owner, text, sealed, *where in found.iterator(chunk_size=CHUNK):
        person = int(owner.replace("-", ""), 16)
        if sealed is None or person not in named:
            continue
        judgement = (*where[:-1], where[-1] is None) if field.lock else tuple(where)
        category = judged.get(judgement)
        if category is None or opening.told:
            known = dict(zip(places, where, strict=True))
            category = judged[judgement] = _judge(field, opening, person, known)
        if not category:
            continue
        cipher = opening.ciphers.get(sealed.raw[1:17]) or store.cipher(sealed.key_id, opening)
        pk = bytes.fromhex(row.replace("-", ""))
        binding = b"|".join((bound, organisation, pk, category.encode()))
        yield text, field.decode(unseal(sealed.raw, cipher=cipher, binding=binding))


def _places(field: SealedField) -> list[str]:
    """The columns that say whether a value opens; the lock last."""
    origin = list(field.origin_names)
    named = [field.category[1:]] if field.category.startswith("@") else []
    return [*named, *origin, *([field.lock] if field.lock else [])]


def _judge(field: SealedField, opening: Opening, person: int, row: dict[str, Any]) -> str:
    """The category under which it opens, or nothing."""
    named = field.category.startswith("@")
    category = str(row[field.category[1:]]) if named else field.category
    if not opening.covers(category):
        return ""
    if not field.origin_names:
        return category
    instance = _Row(row, f"{field.subject}_id", UUID(int=person))
    return category if field.was_for(opening, instance, category) else ""  # type: ignore[arg-type]


class _Row:
    """As much of a row as judging it asks for."""

    def __init__(self, values: dict[str, Any], owner: str, person: UUID) -> None:
        self.__dict__.update(values)
        self.__dict__[owner] = person
