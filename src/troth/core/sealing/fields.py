"""Model fields that seal themselves: `SealedTextField`, `SealedJSONField`, `BlindIndexField`.

    class Customer(Scoped):
        email = SealedTextField(category="user.contact.email", subject="person")
        email_index = BlindIndexField(of="email")

A value set by the program is plain until it is saved; what comes from the database is a `Sealed`,
and reading the attribute opens it only inside a permitted use (`troth.core.gate`). Look-ups work
for equality alone, through the blind index; anything else is refused, and so is `.update()`.
"""

from __future__ import annotations

import json
from functools import cached_property
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.expressions import Col
from django.db.models.lookups import Exact, In, IsNull

from troth.core.errors import Denied
from troth.core.keyring import store
from troth.core.keyring.opening import Opening, openings, require, require_search
from troth.core.organisations.scope import current_organisation_id
from troth.core.sealing.blind import blind_index
from troth.core.sealing.sealed import Sealed, seal, unseal


class SealedAttribute:
    """The descriptor: opens what came from the database, if a permitted use is open."""

    def __init__(self, field: SealedField) -> None:
        self.field, self.name = field, field.attname

    def __get__(self, instance: models.Model | None, _owner: Any = None) -> Any:
        if instance is None:
            return self
        try:
            value = instance.__dict__[self.name]
        except KeyError:  # deferred
            instance.refresh_from_db(fields=[self.name])
            value = instance.__dict__[self.name]
        return self.field.open(instance, value) if type(value) is Sealed else value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.name] = value


class SealedField(models.Field[Any, Any]):
    """Base of sealed fields.

    `category` is a fideslang data category, or ``"@name"`` when another field of the row holds it.
    `subject` names the foreign key to the person the value is about (``"self"``: the row itself).
    `origin` names the fields that say at which touchpoint and under which version it was collected;
    a use then reads only what was collected for its purpose. `lock` names the field that says since
    when the value is locked.
    """

    descriptor: type[SealedAttribute] = SealedAttribute

    def __init__(
        self,
        *args: Any,
        category: str,
        subject: str = "person",
        index: str = "",
        origin: tuple[str, str] | None = None,
        lock: str = "",
        **kwargs: Any,
    ) -> None:
        self.category, self.subject, self.index_name = category, subject, index
        self.lock = lock
        self.origin_names = origin or ()
        self.origin = attrgetter(*origin) if origin else None
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"category": self.category, "subject": self.subject}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def _indexed(self, category: str) -> bool:
        if not self.index_name:
            return False
        index: BlindIndexField = self.model._meta.get_field(self.index_name)  # type: ignore[assignment]
        return index.wants(category)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, self.descriptor(self))
        self._bound = f"troth.seal.v1|{cls._meta.label_lower}|{self.name}|".encode()
        self._owner = "pk" if self.subject == "self" else f"{self.subject}_id"
        self._named = self.category[1:] if self.category.startswith("@") else ""

    # What goes in

    def encode(self, value: Any) -> bytes:
        return str(value).encode()

    def decode(self, raw: bytes) -> Any:
        return raw.decode()

    def category_of(self, instance: models.Model) -> str:
        return str(getattr(instance, self._named)) if self._named else self.category

    def owner_of(self, instance: models.Model) -> UUID:
        try:
            owner = instance.__dict__[self._owner]  # a tenth of the time of the attribute
        except KeyError:
            owner = getattr(instance, self._owner)
        return owner if type(owner) is UUID else UUID(str(owner))

    @cached_property
    def _pk(self) -> str:
        return self.model._meta.pk.attname

    def _binding(self, instance: models.Model, organisation: bytes, category: str) -> bytes:
        pk = instance.__dict__[self._pk]
        row = pk.int.to_bytes(16) if type(pk) is UUID else b"%a" % pk
        return b"|".join((self._bound, organisation, row, category.encode()))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        sealed = self._seal(model_instance, value)
        model_instance.__dict__[self.attname] = sealed
        return sealed

    def ready(self, instance: models.Model) -> None:
        """Raise `Denied` where the row has no id that its values could be sealed to."""
        if instance.pk is None:
            raise Denied(
                f"{instance._meta.label} has no id yet, and a value is sealed to its row.",
                do="Give the model a primary key that is made before the insert (a UUID).",
            )

    def _seal(self, instance: models.Model, value: Any) -> Sealed:
        self.ready(instance)
        category = self.category_of(instance)
        opening = require(category)
        key_id = key_to_seal_with(self.owner_of(instance), opening)
        raw = seal(
            self.encode(value),
            key_id=key_id,
            cipher=store.cipher(key_id, opening),
            binding=self._binding(instance, current_organisation_id().bytes, category),
        )
        index = blind_index(opening, category, str(value)) if self._indexed(category) else None
        return Sealed(raw, category, index)

    # What comes out

    def from_db_value(self, value: Any, *_: Any) -> Sealed | None:
        if value is None:
            return None
        return Sealed(value if type(value) is bytes else bytes(value), self.category)

    def open(self, instance: models.Model, value: Sealed) -> Any:
        """The clear value, or the `Sealed` itself where no permitted use is open."""
        category = self.category_of(instance) if self._named else self.category
        owner = self.owner_of(instance).int
        for opening in openings():
            if (
                owner in opening.named
                and opening.covers(category)
                and (self.origin is None or self.was_for(opening, instance, category))
            ):
                break
        else:
            return value
        cipher = opening.ciphers.get(value.raw[1:17]) or store.cipher(value.key_id, opening)
        binding = self._binding(instance, opening.organisation_bytes, category)
        return self.decode(unseal(value.raw, cipher=cipher, binding=binding))

    def was_for(self, opening: Opening, instance: models.Model, category: str) -> bool:
        """Whether this very value was collected for what the opening is for."""
        if (
            self.lock
            and self.origin is not None
            and getattr(instance, self.lock) is not None
            and not opening.unlocks(self.origin(instance)[0], category)
        ):
            return False
        if self.origin is None or opening.origins is None:
            return True
        origin = (*self.origin(instance), category)
        if origin in opening.origins:
            return True
        return bool(opening.told) and origin in opening.told.get(self.owner_of(instance).int, ())

    def get_prep_value(self, value: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise Denied(
                f"{self} cannot be written this way.",
                why="A sealed value is bound to its row, so it is sealed row by row.",
                do="Set the attribute and call save().",
            )
        return connection.Database.Binary(bytes(value))

    def to_python(self, value: Any) -> Any:
        return value

    def run_validators(self, value: Any) -> None:
        if not isinstance(value, Sealed):
            super().run_validators(value)

    def value_to_string(self, obj: Any) -> str:
        return repr(obj.__dict__.get(self.attname))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return IsNull
        if lookup_name in ("exact", "in") and self.index_name:
            return {"exact": BlindExact, "in": BlindIn}[lookup_name]
        raise FieldError(
            f"{self} is sealed: it can be looked up by exact value only, and only with a "
            "BlindIndexField."
        )

    def get_transform(self, _name: str) -> Any:
        return None


class SealedTextField(SealedField):
    """Text, sealed. `max_length` counts characters of the clear text."""

    def formfield(self, **kwargs: Any) -> Any:
        return models.CharField.formfield(self, **kwargs)


class SealedJSONField(SealedField):
    """A JSON value, sealed as a whole."""

    def encode(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def decode(self, raw: bytes) -> Any:
        return json.loads(raw)


class BlindIndexField(models.BinaryField[Any, Any]):
    """HMAC-SHA256 of the normalised value under the organisation's index key: finds equals only.

    `only` limits it to some categories (by prefix): an index tells which rows are equal, so it is
    made for what people are looked up by, and for nothing else.
    """

    def __init__(self, *args: Any, of: str, only: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.of, self.only = of, tuple(only)
        kwargs |= {"max_length": 32, "null": True, "editable": False}
        kwargs.setdefault("db_index", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | {"of": self.of, "only": self.only}

    def wants(self, category: str) -> bool:
        return not self.only or category.startswith(self.only)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        cls._meta.get_field(self.of).index_name = name
        models.signals.pre_save.connect(self._refuse_half, sender=cls)

    def _refuse_half(
        self, instance: models.Model, update_fields: frozenset[str] | None, **_: Any
    ) -> None:
        """A value saved without its index could be found by what it no longer is."""
        if not update_fields or self.of not in update_fields or self.name in update_fields:
            return
        value = instance.__dict__.get(self.of)
        if not isinstance(value, Sealed) or value.index is not None:
            raise Denied(
                f"{instance._meta.label}.{self.of} cannot be saved without its index.",
                why="It would still be found by the value it had.",
                do=f"Name {self.name} in update_fields too.",
            )

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        # The sealed field may be saved before or after this one: seal it now, once.
        model_instance._meta.get_field(self.of).pre_save(model_instance, add)  # type: ignore[union-attr]
        sealed = model_instance.__dict__.get(self.of)
        if sealed is None:
            setattr(model_instance, self.attname, None)
        elif sealed.index is not None:
            setattr(model_instance, self.attname, sealed.index)
        return getattr(model_instance, self.attname)


class _Blind:
    """Turns a look-up on the sealed column into one on its blind index."""

    lhs: Any
    rhs: Any

    def __init__(self, lhs: Col, rhs: Any) -> None:
        field: Any = lhs.target
        target: Any = field.model._meta.get_field(field.index_name)
        category = field.category
        if category.startswith("@"):
            raise FieldError(f"{field} has categories row by row: look it up by its index.")
        opening = require_search(category)
        super().__init__(Col(lhs.alias, target), self._indexes(opening, category, rhs))  # type: ignore[call-arg]

    @staticmethod
    def _indexes(opening: Opening, category: str, rhs: Any) -> Any:
        return blind_index(opening, category, str(rhs))


class BlindExact(_Blind, Exact):
    """``filter(email="…")``"""


class BlindIn(_Blind, In):
    """``filter(email__in=[…])``"""

    @staticmethod
    def _indexes(opening: Opening, category: str, rhs: Any) -> Any:
        return [blind_index(opening, category, str(value)) for value in rhs]


def key_to_seal_with(owner: UUID, opening: Opening) -> bytes:
    found = opening.sealing_keys.get(owner)
    if found is None:
        found = opening.sealing_keys[owner] = store.person_key(owner, opening.organisation)
    return found
