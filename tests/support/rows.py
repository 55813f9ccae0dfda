"""One row of every model, made from what the models say of themselves.

A new model is covered without anybody thinking of it. Values of sealed fields are unmistakable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import models
from django.utils import timezone

from troth.core.keyring.opening import Opening, opened
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.core.organisations.scoped import Scoped
from troth.core.sealing.fields import SealedField, SealedJSONField

CATEGORY = "user.contact.email"


def scoped_models() -> list[type[Scoped]]:
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Scoped) and model._meta.managed and not model._meta.proxy
    ]


@dataclass
class Tenant:
    """An organisation with one row of every scoped model, and the clear values sealed in them."""

    organisation: Organisation
    rows: dict[type[models.Model], models.Model] = field(default_factory=dict)
    values: list[str] = field(default_factory=list)

    @classmethod
    def new(cls) -> Tenant:
        tag = uuid4().hex[:10]
        tenant = cls(Organisation.objects.create(slug=f"org-{tag}", name=f"Org {tag}"))
        with scope(tenant.organisation), tenant.unsealed():
            for model in scoped_models():
                tenant.row(model)
        return tenant

    @contextmanager
    def unsealed(self) -> Iterator[None]:
        """Everything may be sealed and read: only for making rows and for the control."""
        people = frozenset(r.pk for r in self.rows.values() if isinstance(r.pk, UUID)) or None
        everything = frozenset({"user", "system"})
        with opened(Opening(self.organisation.pk, "tests", everything, people)):
            yield

    def row(self, model: type[models.Model]) -> models.Model:
        if model is Organisation:
            return self.organisation
        if model not in self.rows:
            made = model(pk=uuid4() if isinstance(model._meta.pk, models.UUIDField) else None)
            for found in model._meta.concrete_fields:
                self._fill(made, found)
            made.save(force_insert=True)
            self.rows[model] = made
        return self.rows[model]

    def _fill(self, made: models.Model, found: Any) -> None:
        if isinstance(found, SealedField):
            value = f"sealed-{uuid4().hex}@seeded.example"
            self.values.append(value)
            setattr(made, found.attname, [value] if isinstance(found, SealedJSONField) else value)
        elif isinstance(found, models.ForeignKey):
            if found.related_model is type(made):
                setattr(made, found.attname, None if found.null else made.pk)
            elif not found.null or found.name in _subjects(made):
                setattr(made, found.attname, self.row(found.related_model).pk)
        elif found.primary_key or found.has_default() or found.null:
            return
        elif (value := _example(made, found)) is not None:
            setattr(made, found.attname, value)


def _subjects(made: models.Model) -> set[str]:
    fields = made._meta.concrete_fields
    return {found.subject for found in fields if isinstance(found, SealedField)}


def _example(made: models.Model, found: Any) -> Any:
    """A value the field takes; None where it fills itself."""
    fields = made._meta.concrete_fields
    sealed = [other for other in fields if isinstance(other, SealedField)]
    if found.name in {other.category.removeprefix("@") for other in sealed}:
        return CATEGORY
    if found.choices:
        return found.choices[0][0]
    makers = (make for kind, make in MAKERS.items() if isinstance(found, kind))
    return next(makers, lambda _: None)(found)


# A subclass stands before its base.
MAKERS: dict[type[models.Field[Any, Any]], Callable[[Any], Any]] = {
    models.BooleanField: lambda _: False,
    models.IntegerField: lambda _: uuid4().int % 30_000,
    models.DateTimeField: lambda _: timezone.now(),
    models.DateField: lambda _: timezone.now().date(),
    models.UUIDField: lambda _: uuid4(),
    models.BinaryField: lambda found: uuid4().bytes if found.editable else None,
    models.JSONField: lambda _: {},
    models.CharField: lambda found: uuid4().hex[: found.max_length or 32],
    models.TextField: lambda _: uuid4().hex,
}


def leaves(value: Any) -> Iterator[Any]:
    """Every single value inside a result, rows and their loaded fields included."""
    if isinstance(value, models.Model):
        for found in value._meta.concrete_fields:
            if found.attname in value.__dict__:
                yield from leaves(getattr(value, found.attname))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(key)
            yield from leaves(item)
    elif isinstance(value, str | bytes | UUID):
        yield value
    elif hasattr(value, "__iter__"):
        for item in value:
            yield from leaves(item)
    else:
        yield value
