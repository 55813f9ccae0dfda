"""No query reads a sealed value, or another organisation's row, without an open use.

The methods are found by introspection: a new one fails here until it is said how to call it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from django.db import models, transaction
from django.db.models import F, Max, Value

from support.rows import Tenant, leaves, scoped_models
from troth.core.errors import Denied
from troth.core.organisations.scope import ScopeMissing, scope
from troth.core.sealing.fields import SealedField
from troth.core.sealing.sealed import Sealed

pytestmark = pytest.mark.django_db(databases=["default", "keyring"])

MODELS = scoped_models()
# About the manager itself; none of these runs a query.
NOT_QUERIES = {"check", "contribute_to_class", "deconstruct", "from_queryset", "model", "name"}
NOT_QUERIES |= {"auto_created", "creation_counter", "db", "use_in_migrations", "as_manager"}
NOT_QUERIES |= {"resolve_expression", "as_sql", "query", "ordered", "get_queryset", "db_manager"}
NOT_QUERIES |= {"normalize_email"}


def secret(model: type[models.Model]) -> str:
    """A sealed field of the model, or its key where it has none: what a query would want to see."""
    sealed = [found for found in model._meta.concrete_fields if isinstance(found, SealedField)]
    return sealed[0].name if sealed else "pk"


def moment(model: type[models.Model]) -> str:
    dates = [f.name for f in model._meta.concrete_fields if isinstance(f, models.DateTimeField)]
    return dates[0] if dates else "no_such_field"


def arguments(row: models.Model, manager: Any) -> dict[str, tuple[tuple[Any, ...], dict[str, Any]]]:
    """How to call each method that cannot be called with nothing."""
    model, wanted = type(row), secret(type(row))
    table, column = model._meta.db_table, model._meta.get_field(model._meta.pk.name).column
    every = Value(True, output_field=models.BooleanField())
    return {
        "aggregate": ((), {"leak": Max(wanted)}),
        "alias": ((), {"leak": F(wanted)}),
        "annotate": ((), {"leak": F(wanted)}),
        "bulk_create": (([],), {}),
        "bulk_update": (([row], [wanted]), {}),
        "complex_filter": ((models.Q(pk__isnull=False),), {}),
        "contains": ((row,), {}),
        "create": ((), {"pk": row.pk}),  # taken: a new row would differ from run to run
        "dates": ((moment(model), "day"), {}),
        "datetimes": ((moment(model), "day"), {}),
        "defer": ((wanted,), {}),
        "difference": ((manager.none(),), {}),
        "earliest": (("pk",), {}),
        "exclude": ((), {"pk__isnull": True}),
        "extra": ((), {"select": {"leak": f'"{table}"."{column}"'}}),
        "filter": ((every,), {}),
        "get": ((every,), {}),
        "get_by_natural_key": (("somebody",), {}),
        "get_or_create": ((), {"pk__isnull": False}),
        "intersection": ((manager.all(),), {}),
        "iterator": ((), {"chunk_size": 10}),
        "latest": (("pk",), {}),
        "only": ((wanted,), {}),
        "order_by": ((wanted,), {}),
        "raw": ((f'SELECT * FROM "{table}"',), {}),
        "select_related": (tuple(_required(model)), {}),
        "union": ((manager.all(),), {"all": True}),
        "update": ((), {wanted: "changed"}),
        "update_or_create": ((), {"defaults": {wanted: "changed"}, "pk__isnull": False}),
        "using": (("default",), {}),
        "values": ((wanted,), {}),
        "values_list": ((wanted,), {}),
    }


def _required(model: type[models.Model]) -> list[str]:
    found = [f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey)]
    return [f.name for f in found if not f.null] or [None]  # type: ignore[list-item]


def calls(source: Any, row: models.Model) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Each public method of a manager or query set, ready to be called."""
    how = arguments(row, type(row)._default_manager)
    for name in dir(source):
        if name.startswith("_") or name in NOT_QUERIES:
            continue
        plain = name[1:] if name[0] == "a" and hasattr(type(source), name[1:]) else name
        args, kwargs = how.get(plain, ((), {}))

        def call(
            name: str = name, plain: str = plain, args: Any = args, kwargs: Any = kwargs
        ) -> Any:
            method = getattr(source, name)
            if plain == name:
                return method(*args, **kwargs)
            return async_to_sync(_awaited)(method, args, kwargs)

        yield name, call


async def _awaited(method: Any, args: Any, kwargs: Any) -> Any:
    found = method(*args, **kwargs)
    return [item async for item in found] if hasattr(found, "__aiter__") else await found


def outcome(call: Callable[[], Any]) -> list[Any] | str:
    """What the method gave, down to single values; or the name of what it raised."""
    try:
        with transaction.atomic():
            given = list(leaves(call()))
            transaction.set_rollback(True)  # What a method changed is not wanted.
    except TypeError as error:
        pytest.fail(f"say in `arguments` how to call it: {error}")
    except Exception as error:  # noqa: BLE001 - refusing is right; with which error is not asked
        return type(error).__name__
    return given


def sources(model: Any) -> dict[str, Any]:
    """Where a query can start."""
    return {
        "objects": model._default_manager,
        "_base_manager": model._base_manager,
        "objects.all()": model._default_manager.all(),
    }


def everything(tenant: Tenant, model: Any) -> dict[str, list[Any] | str]:
    """What every method gives to the tenant, by its full name."""
    with scope(tenant.organisation):
        return {
            f"{model._meta.label}.{start}.{name}()": outcome(call)
            for start, source in sources(model).items()
            for name, call in calls(source, tenant.rows[model])
        }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_no_method_reads_a_sealed_value_or_shows_another_organisation(model: Any) -> None:
    ours = Tenant.new()
    alone = everything(ours, model)
    assert len(alone) > 100, "next to no method was found, so this would prove nothing"
    for name, given in alone.items():
        text = "".join(repr(item) for item in given if isinstance(item, str | bytes | Sealed))
        assert not [value for value in ours.values if value in text], f"{name} gave a clear value"

    theirs = Tenant.new()
    together = everything(ours, model)
    # Small numbers are also states and counts; of other models' rows only ids of random bits tell.
    foreign = {
        row.pk for kind, row in theirs.rows.items() if kind is model or isinstance(row.pk, UUID)
    }
    crossing = [
        name
        for name, given in together.items()
        # A deletion gives counts, which are no ids.
        if foreign & {_id(one) for one in given if not (type(one) is int and "delete" in name)}
    ]
    assert not crossing, f"these gave rows of another organisation: {crossing}"
    changed = [
        name
        for name, given in together.items()
        # PostgreSQL's plans tell how large it reckons a table to be, whosever the rows are.
        if given != alone[name] and not name.endswith("explain()")
    ]
    assert not changed, f"these show that there is another organisation: {changed}"


def _id(value: Any) -> Any:
    return value if isinstance(value, str | int | UUID) else None


def test_with_a_use_open_the_same_rows_do_open() -> None:
    """The control: what the test above looks for is really there."""
    ours = Tenant.new()
    with scope(ours.organisation), ours.unsealed():
        found = {str(item) for model in MODELS for item in leaves(model._default_manager.all())}
    assert set(ours.values) <= found


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_without_an_organisation_in_scope_every_method_refuses(model: Any) -> None:
    ours = Tenant.new()
    for source in (model._default_manager, model._base_manager):
        with scope(ours.organisation):
            ready = list(calls(source, ours.rows[model]))
        for name, call in ready:
            assert refused(call), f"{model._meta.label}.{name}() ran without a scope"


def refused(call: Callable[[], Any]) -> bool:
    try:
        call()
    except (ScopeMissing, Denied):
        return True
    return False


def test_a_query_made_in_one_scope_gives_nothing_of_it_in_another() -> None:
    ours, theirs = Tenant.new(), Tenant.new()
    with scope(theirs.organisation):
        queries = {model: model._default_manager.all() for model in MODELS}
    with scope(ours.organisation):
        crossing = [
            model._meta.label
            for model, query in queries.items()
            if isinstance(
                given := outcome(
                    lambda query=query: list(query.values_list("organisation_id", flat=True))
                ),
                list,
            )
            and set(given) - {ours.organisation.pk}
        ]
    assert not crossing, f"rows of another organisation: {', '.join(crossing)}"
