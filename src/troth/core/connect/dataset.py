"""Reading a description: fideslang's dataset YAML as it stands.

Keys that fideslang does not know are ours, in a block ``troth`` of a collection: ``owner`` (the
column that says whose a row is) and ``age`` (the column that says how old it is). Other readers of
the file pass over the block.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fideslang.models import Dataset, DatasetField
from pydantic import ValidationError

from troth.core.connect.described import DescriptionInvalid, loaded
from troth.core.connect.description import Column, Description, Reference, Table

OURS: Final = frozenset({"owner", "age"})


def read(text: str) -> Description:
    """The description in a YAML text. Raises `DescriptionInvalid`, naming the place."""
    datasets = [(_validated(raw), raw) for raw in _raw(text)]
    many = len(datasets) > 1
    tables: dict[str, Table] = {}
    for dataset, raw in datasets:
        for table in _tables(dataset, raw, many=many):
            if table.key in tables:
                raise _invalid(table.key, "it is described twice")
            tables[table.key] = table
    first = datasets[0][0]
    return Description(first.fides_key, first.name or first.fides_key, tables)


def _raw(text: str) -> list[dict[str, Any]]:
    found = loaded(text)
    if isinstance(found, dict) and "dataset" in found:
        found = found["dataset"]
    listed = found if isinstance(found, list) else [found]
    if not listed or not all(isinstance(one, dict) for one in listed):
        raise DescriptionInvalid(
            "The description holds no dataset.",
            do="Give a list under `dataset:`, as in docs/connect.md.",
        )
    return listed


def _validated(raw: dict[str, Any]) -> Dataset:
    try:
        return Dataset(**raw)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _invalid(place or "dataset", str(first["msg"])) from None
    except (TypeError, AttributeError):
        raise DescriptionInvalid("The description is not a dataset.") from None


def _tables(dataset: Dataset, raw: Mapping[str, Any], *, many: bool) -> Iterator[Table]:
    def key(name: str, of: str) -> str:
        return f"{of}.{name}" if many else name

    namespace = (dataset.fides_meta.namespace if dataset.fides_meta else None) or {}
    blocks = {one.get("name"): one.get("troth") or {} for one in raw.get("collections") or ()}
    for collection in dataset.collections:
        inherited = tuple(collection.data_categories or dataset.data_categories or ())
        meta = collection.fides_meta
        block = blocks.get(collection.name, {})
        if not isinstance(block, dict) or block.keys() - OURS:
            raise _invalid(f"{collection.name}.troth", f"it may hold {', '.join(sorted(OURS))}")
        columns = {
            one.name: _column(one, inherited, dataset.fides_key, key) for one in collection.fields
        }
        for name in block.values():
            if name not in columns:
                raise _invalid(f"{collection.name}.troth", f"there is no field {name}")
        yield Table(
            key=key(collection.name, dataset.fides_key),
            name=collection.name,
            schema=namespace.get("schema"),
            columns=columns,
            deletes=bool(meta and meta.masking_strategy_override),
            skipped=bool(meta and meta.skip_processing),
            owner=str(block.get("owner", "")),
            age=str(block.get("age", "")),
        )


def _column(one: DatasetField, inherited: tuple[str, ...], dataset: str, key: Any) -> Column:
    meta = one.fides_meta
    own = tuple(one.data_categories or ())
    categories = tuple(dict.fromkeys(own + tuple(_nested(one)))) or inherited
    if meta is None:
        data_type = "object" if one.fields else ""
        return Column(one.name, categories, data_type=data_type)
    override = meta.masking_strategy_override
    return Column(
        name=one.name,
        categories=categories,
        identity=meta.identity or "",
        primary=bool(meta.primary_key),
        data_type=(meta.data_type or ("object" if one.fields else "")),
        length=meta.length,
        read_only=bool(meta.read_only),
        strategy=override.strategy if override else "",
        configuration=(override.configuration or {}) if override else {},
        references=tuple(_reference(one.name, ref, dataset, key) for ref in meta.references or ()),
    )


def _nested(one: DatasetField) -> Iterator[str]:
    """The categories inside a column that holds a structure: it is shown and masked as a whole."""
    for part in one.fields or ():
        yield from part.data_categories or ()
        yield from _nested(part)


def _reference(name: str, ref: Any, dataset: str, key: Any) -> Reference:
    table, _, column = ref.field.partition(".")
    if not column:
        raise _invalid(name, "a reference names collection.field")
    return Reference(key(table, ref.dataset), column, ref.direction.value if ref.direction else "")


def _invalid(place: str, why: str) -> DescriptionInvalid:
    return DescriptionInvalid(f"The description does not hold at {place}.", why=f"{why}.")
