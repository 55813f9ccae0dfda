"""Models that belong to one organisation: field, manager and base model."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self, TypeVar
from uuid import UUID

from django.db import models

from troth.core.errors import Denied
from troth.core.organisations.scope import Everywhere, ScopeMissing, current_scope

M = TypeVar("M", bound=models.Model)


class InScope(models.Func):
    """The condition that a row belongs to the organisation in scope *when the query runs*.

    It is part of the query itself, so that it holds for `.exists()`, `.update()`, `.delete()`,
    sub-queries and joins alike, and a query built in one scope shows nothing of it in another.
    """

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, column: str = "organisation_id") -> None:
        super().__init__(models.F(column))

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, Any]:
        found = _scope_of("the rows of an organisation")
        if isinstance(found, Everywhere):
            return "1 = 1", []
        column = self.get_source_expressions()[0]
        sql, params = compiler.compile(column)
        value = column.output_field.get_db_prep_value(found, connection)
        return f"{sql} = %s", (*params, value)


def _scope_of(what: str) -> UUID | Everywhere:
    found = current_scope()
    if found is None:
        raise ScopeMissing(
            f"A query for {what} has no organisation in scope.",
            why="Rows belong to one organisation, and none was named.",
            do="Wrap the call in `with scope(organisation):`.",
        )
    return found


class ScopedQuerySet(models.QuerySet[M]):
    """A query set of a scoped model. SQL by hand has no scope in it, so it is not to be had."""

    def raw(self, *_: Any, **__: Any) -> NoReturn:
        raise Denied(
            f"{self.model._meta.label} cannot be queried with SQL by hand.",
            why="Nothing in it would keep to one organisation.",
            do="Use the query set's own methods.",
        )

    def update(self, **values: Any) -> int:
        """As Django's (`bulk_update` comes here too). Raises `Denied` for a change of the owner."""
        if values.keys() & {"organisation", "organisation_id"}:
            raise Denied(
                f"Rows of {self.model._meta.label} cannot be given to another organisation.",
                why="One organisation never touches another's data.",
                do="Make new rows in the scope of the other organisation.",
            )
        return super().update(**values)


class ScopedManager(models.Manager[M]):
    """The only manager of a scoped model, also its `_base_manager`."""

    _queryset_class = ScopedQuerySet

    def get_queryset(self) -> models.QuerySet[M]:
        _scope_of(self.model._meta.label)  # told where it is forgotten, not where it runs
        return super().get_queryset().filter(InScope())

    def raw(self, *arguments: Any, **options: Any) -> NoReturn:
        ScopedQuerySet(self.model).raw(*arguments, **options)


class OrganisationField(models.ForeignKey[Any, Any]):
    """The owner of a row: filled from the scope, and never another organisation than that.

    A row that points at another organisation's is not saved either, as far as that can be seen
    without a query: where the object was assigned or is loaded. A bare id is not looked up.
    """

    def __init__(self, **kwargs: Any) -> None:
        kwargs.update(to="organisations.Organisation", on_delete=models.CASCADE)
        kwargs.setdefault("related_name", "+")
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {k: v for k, v in kwargs.items() if k not in ("to", "on_delete")}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        owner = self._owner(model_instance)
        for related in model_instance._state.fields_cache.values():
            if isinstance(related, Scoped) and related.organisation_id not in (None, owner):
                raise Denied(
                    f"A {model_instance._meta.label} cannot point at a row of another "
                    "organisation.",
                    why="One organisation never touches another's data.",
                    do=f"Name a {related._meta.label} of the same organisation.",
                )
        return owner

    def _owner(self, model_instance: models.Model) -> Any:
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
