"""Models of a Django application that is not ours, annotated from a file.

The file names models and fields as the application does, and for each field the category; foreign
keys are known from the models. It becomes a description like any other, over the database that
Django itself uses::

    models:
      library.Reader:
        about: self                 # the row is the person: found by its identities
        identity: {email: email}    # field: kind of identity
        fields: {email: user.contact.email, name: user.name}
      library.Loan:
        about: reader               # the field that leads to the person
        fields: {note: user.content.private}

`TROTH_ANNOTATIONS` in the settings is the list of such files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import connections, models, router
from sqlalchemy.engine import URL, Engine

from troth.core.connect import engines
from troth.core.connect.database import Database
from troth.core.connect.described import DescriptionInvalid, loaded
from troth.core.connect.description import Column, Description, Reference, Table
from troth.core.rights.sources import Source

KEYS: Final = frozenset({"about", "identity", "fields", "delete", "age"})


def annotated() -> Iterator[Source]:
    """One source for each file and database."""
    for path in getattr(settings, "TROTH_ANNOTATIONS", ()):
        yield from source(Path(path))


def source(path: Path) -> Iterator[Database]:
    """The annotated models of a file. Raises `DescriptionInvalid`, naming the place."""
    for alias, description in _described(path.read_text("utf-8"), path.stem):
        key = description.key if alias == "default" else f"{description.key}.{alias}"
        yield Database(key, description.label, description, lambda alias=alias: engine(alias))


def engine(alias: str) -> Engine:
    """An engine for the database that Django has under an alias."""
    found = connections[alias].settings_dict
    backend = found["ENGINE"].rpartition(".")[2]
    if backend == "sqlite3":
        return engines.engine(URL.create("sqlite", database=str(found["NAME"])))
    return engines.engine(
        URL.create(
            "postgresql+psycopg" if backend == "postgresql" else "mysql+pymysql",
            username=found["USER"] or None,
            password=found["PASSWORD"] or None,
            host=found["HOST"] or None,
            port=int(found["PORT"]) if found["PORT"] else None,
            database=found["NAME"],
        )
    )


@lru_cache(maxsize=32)
def _described(text: str, key: str) -> tuple[tuple[str, Description], ...]:
    raw = loaded(text)
    listed = raw.get("models") if isinstance(raw, dict) else None
    if not isinstance(listed, dict) or not listed:
        raise DescriptionInvalid("The file names no models.", do="List them under `models:`.")
    label = str(raw.get("name") or key)
    by_alias: dict[str, dict[str, Table]] = {}
    chosen = {name: _model(name) for name in listed}
    tables = {model: model._meta.db_table for model in chosen.values()}
    for name, block in listed.items():
        model = chosen[name]
        by_alias.setdefault(router.db_for_write(model), {})[model._meta.db_table] = _table(
            name, model, block, tables
        )
    return tuple((alias, Description(key, label, found)) for alias, found in by_alias.items())


def _model(name: str) -> type[models.Model]:
    try:
        return apps.get_model(name)
    except (LookupError, ValueError):
        raise _invalid(name, "there is no such model") from None


def _table(
    name: str,
    model: type[models.Model],
    block: Any,
    tables: Mapping[type[models.Model], str],
) -> Table:
    if not isinstance(block, dict) or block.keys() - KEYS:
        raise _invalid(name, f"it may hold {', '.join(sorted(KEYS))}")
    fields: dict[str, Any] = {field.name: field for field in model._meta.local_concrete_fields}
    categories, identity = block.get("fields") or {}, block.get("identity") or {}
    about = str(block.get("about", "self"))
    for named in (*categories, *identity, *([about] if about != "self" else [])):
        if named not in fields:
            raise _invalid(f"{name}.{named}", "the model has no such field")
    columns = {}
    for field in fields.values():
        columns[field.column] = Column(
            name=field.column,
            categories=(str(categories[field.name]),) if field.name in categories else (),
            identity=str(identity.get(field.name, "")),
            primary=field.primary_key,
            length=getattr(field, "max_length", None),
            references=_references(field, tables, leads=field.name == about),
        )
    return Table(
        key=model._meta.db_table,
        name=model._meta.db_table,
        schema=None,
        columns=columns,
        deletes=bool(block.get("delete")),
        owner=fields[about].column if about != "self" else "",
        age=fields[str(block["age"])].column if "age" in block else "",
    )


def _references(
    field: Any, tables: Mapping[type[models.Model], str], *, leads: bool
) -> tuple[Reference, ...]:
    """A foreign key leads from the person to the row if it says whom the row is about, and from
    the row onward otherwise.
    """
    if field.remote_field is None or field.related_model not in tables:
        return ()
    target = field.target_field.column
    return (Reference(tables[field.related_model], target, "from" if leads else "to"),)


def _invalid(place: str, why: str) -> DescriptionInvalid:
    return DescriptionInvalid(f"The annotations do not hold at {place}.", why=f"{why}.")
