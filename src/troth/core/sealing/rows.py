"""Values that are read together, sealed together: one column, one cipher text for a row.

    class Customer(Scoped):
        person = models.ForeignKey(Person, on_delete=models.CASCADE)
        values = SealedRowField(subject="person")
        name = SealedPart(category="user.name", within="values")
        phone = SealedPart(category="user.contact.phone_number", within="values")

A part is read and set like any field and has its own category, which every reading asks the open
use for. Opening a row opens all of it (docs/adr/0010-…): the clear row is held by the opening, the
last one alone and without what the opening does not cover, and never by the instance. A part is no
column: it cannot be searched, ordered by or named in `update_fields` (name the row there), and a
value with a blind index stays a field of its own.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, Final, NoReturn

from django.core.exceptions import FieldError
from django.db import models

from troth.core.errors import Denied
from troth.core.keyring import store
from troth.core.keyring.opening import Opening, ever_opened, require
from troth.core.organisations.scope import current_organisation_id
from troth.core.sealing.fields import (
    SealedAttribute,
    SealedField,
    SealedTextField,
    key_to_seal_with,
)
from troth.core.sealing.sealed import Sealed, seal, unseal

_write: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_parse: Final = json.JSONDecoder().raw_decode


class RowAttribute(SealedAttribute):
    """The row itself. It does not open; parts that were set are sealed before it is handed out."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        if value is not None:  # read anew from the database: nothing waits to be sealed any more
            instance.__dict__.pop(self.field.waiting, None)
        instance.__dict__[self.name] = value

    field: SealedRowField


class SealedRowField(SealedField):
    """The column. `subject` and `origin` are those of all its parts (see `SealedField`)."""

    descriptor = RowAttribute

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"category": "user", "editable": False})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {k: v for k, v in kwargs.items() if k != "category"}

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        self.waiting = f"{name} waiting"  # no attribute of anybody's is called like this

    @cached_property
    def parts(self) -> dict[str, SealedPart]:
        found = self.model._meta.local_fields
        return {
            part.name: part
            for part in found
            if isinstance(part, SealedPart) and part.within == self.name
        }

    def get_default(self) -> None:
        return None

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        found = getattr(model_instance, self.attname)
        return self._seal(model_instance, None) if found is None else found

    def open(self, instance: models.Model, value: Sealed) -> Sealed:
        return self._seal(instance, value) if instance.__dict__.get(self.waiting) else value

    def _seal(self, instance: models.Model, before: Sealed | None) -> Sealed:
        """Seal what waits, together with what the row held before."""
        self.ready(instance)
        waiting = instance.__dict__.pop(self.waiting, {})
        covering = [require(self.parts[name].category) for name in waiting]
        opening = covering[0] if covering else require(self.category)
        values = {part.key: part.get_default() for part in self.parts.values()}
        if before is not None:
            values |= self._unsealed(instance, before, opening)
        values |= {self.parts[name].key: value for name, value in waiting.items()}
        key_id = key_to_seal_with(self.owner_of(instance), opening)
        raw = seal(
            _write(values).encode(),
            key_id=key_id,
            cipher=store.cipher(key_id, opening),
            binding=self._binding(instance, current_organisation_id().bytes, ""),
        )
        sealed = instance.__dict__[self.attname] = Sealed(raw, self.category)
        return sealed

    def _unsealed(self, instance: models.Model, sealed: Sealed, opening: Opening) -> dict[str, Any]:
        cipher = opening.ciphers.get(sealed.raw[1:17]) or store.cipher(sealed.key_id, opening)
        binding = self._binding(instance, opening.organisation_bytes, "")
        found: dict[str, Any] = _parse(unseal(sealed.raw, cipher=cipher, binding=binding).decode())[
            0
        ]
        return found

    def opens(self, instance: models.Model, opening: Opening, part: SealedPart) -> bool:
        """Whether the opening is about this person and covers this part of what they gave."""
        return (
            self.owner_of(instance).int in opening.named
            and opening.covers(part.category)
            and (self.origin is None or self.was_for(opening, instance, part.category))
        )

    def hold(self, instance: models.Model, sealed: Sealed, opening: Opening) -> dict[str, Any]:
        """Have the opening hold this row in clear: what it opens, and nothing else of it."""
        values = self._unsealed(instance, sealed, opening)
        if self.origin is not None or not self._whole(opening):
            for part in self.parts.values():
                if not self.opens(instance, opening, part):
                    values.pop(part.key, None)
        opening.row = sealed.raw, values
        return values

    def _whole(self, opening: Opening) -> bool:
        """Whether the opening covers every part; asked once for it, not for each row."""
        found = opening.whole.get(self._bound)
        if found is None:
            found = all(opening.covers(part.category) for part in self.parts.values())
            opening.whole[self._bound] = found
        return found


class PartAttribute(SealedAttribute):
    """Reads what the program has set, or out of the sealed row if a permitted use is open."""

    field: SealedPart

    def __get__(self, instance: models.Model | None, _owner: Any = None) -> Any:
        if instance is None:
            return self
        part, held = self.field, instance.__dict__
        waiting = held.get(part.waiting)
        if waiting is not None and self.name in waiting:
            return waiting[self.name]
        # A deferred row is fetched by its own attribute.
        sealed = held[part.within] if part.within in held else getattr(instance, part.within)
        if sealed is None:
            return part.get_default()
        raw, key = sealed.raw, part.key
        for opening in ever_opened():
            if opening.closed:
                continue
            last = opening.row
            if last is not None and last[0] is raw and key in last[1]:
                return last[1][key]
            if part.row.opens(instance, opening, part):
                return part.row.hold(instance, sealed, opening).get(key)
        return Sealed(raw, part.category)

    def __set__(self, instance: models.Model, value: Any) -> None:
        if type(value) is Sealed:
            if value == instance.__dict__.get(self.field.within):
                return  # its own, as a form hands it back unread
            raise Denied(
                f"{self.field} cannot be given a value that is still sealed.",
                why="A sealed value is bound to the row it came from.",
                do="Read it inside an open use first.",
            )
        instance.__dict__.setdefault(self.field.waiting, {})[self.name] = value


class SealedPart(SealedTextField):
    """Text in a sealed row. `within` names the row's field; it has no column of its own."""

    descriptor = PartAttribute

    def __init__(self, *args: Any, within: str, **kwargs: Any) -> None:
        self.within, self.waiting = within, f"{within} waiting"
        super().__init__(*args, **kwargs)
        if self.category.startswith("@"):
            raise FieldError("A part of a sealed row has one category.")

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("subject")
        return name, path, args, kwargs | {"within": self.within}

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        # With the category, so that a value given as one thing is never read as another.
        self.key = f"{name} {self.category}"

    @cached_property
    def row(self) -> SealedRowField:
        row: SealedRowField = self.model._meta.get_field(self.within)  # type: ignore[assignment]
        return row

    def get_attname_column(self) -> Any:
        return self.get_attname(), None

    def db_type(self, connection: Any) -> None:
        return None

    def get_col(self, *_: Any, **__: Any) -> NoReturn:
        raise FieldError(f"{self} is sealed in its row: the database has no column of it.")

    @property
    def cached_col(self) -> NoReturn:
        self.get_col()

    def get_lookup(self, _name: str) -> NoReturn:
        self.get_col()
