"""Models that belong to one organisation: field, manager and base model."""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar
from uuid import UUID

from django.db import models

from troth.core.errors import Denied
from troth.core.organisations.scope import Everywhere, ScopeMissing, current_scope

M = TypeVar("M", bound=models.Model)


class ScopedManager(models.Manager[M]):
    """The only manager of a scoped model, also its `_base_manager`."""

    def get_queryset(self) -> models.QuerySet[M]:
        found = current_scope()
        if found is None:
            raise ScopeMissing(
                f"{self.model._meta.label} was queried with no organisation in scope.",
                why="Rows belong to one organisation, and none was named.",
                do="Wrap the call in `with scope(organisation):`.",
            )
        queryset = super().get_queryset()
        if isinstance(found, Everywhere):
            return queryset
        return queryset.filter(organisation_id=found)


class OrganisationField(models.ForeignKey[Any, Any]):
    """The owner of a row: filled from the scope, and never another organisation than that."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.update(to="organisations.Organisation", on_delete=models.CASCADE)
        kwargs.setdefault("related_name", "+")
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {k: v for k, v in kwargs.items() if k not in ("to", "on_delete")}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        owner, found = getattr(model_instance, self.attname), current_scope()
        if isinstance(found, UUID):
            if owner is None:
                setattr(model_instance, self.attname, found)
                return found
            if owner != found:
                raise Denied(
                    f"A {model_instance._meta.label} of another organisation cannot be saved.",
                    why="One organisation never touches another's data.",
                    do="Work in the scope of the organisation the row belongs to.",
                )
        elif found is None:
            raise ScopeMissing(
                f"{model_instance._meta.label} was saved with no organisation in scope.",
                do="Wrap the call in `with scope(organisation):`.",
            )
        return owner


class Scoped(models.Model):
    """Base of every model whose rows belong to one organisation."""

    organisation = OrganisationField()

    objects: ClassVar[ScopedManager[Self]] = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"
