"""Drafting a description from a live schema, with categories proposed and reasons for each.

Names, types, keys and foreign keys are looked at; rows only if that is asked for, and then nothing
of them is kept but which pattern they match.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
import yaml
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SAWarning

from troth.core.connect.schema import kind_of
from troth.core.connect.statements import named

SAMPLE: Final = 50
"""Rows of a table that are read if a sample is asked for."""
NAMES: Final = (
    (r"e_?mail|mail_?addr", "user.contact.email"),
    (r"phone|mobile|fax|^tel$|telephone", "user.contact.phone_number"),
    (r"street|addr(ess)?_?(line)?_?\d*$|house", "user.contact.address.street"),
    (r"^city$|_city|town", "user.contact.address.city"),
    (r"zip|post_?code|postal", "user.contact.address.postal_code"),
    (r"^state$|province|region", "user.contact.address.state"),
    (r"country", "user.contact.address.country"),
    (r"birth|^dob$|^born", "user.demographic.date_of_birth"),
    (r"gender|^sex$", "user.demographic.gender"),
    (r"(^|_)ip(_|$)|ip_?addr|remote_addr", "user.device.ip_address"),
    (r"user_?agent|browser", "user.device"),
    (r"iban|card_?num|^ccn$|bank_?acc|account_?num", "user.financial.bank_account"),
    (r"salary|income|credit", "user.financial"),
    (r"passport|ssn|social_sec|tax_?id|national_id", "user.government_id"),
    (r"password|passwd|pwd|secret|token", "user.authorization.password"),
    (r"(first|last|full|sur|family|given|nick|display)_?name|^name$|username", "user.name"),
    (r"latitude|longitude|^geo", "user.location.precise"),
    (r"note|comment|message|body|remark|description$", "user.content.private"),
)
SAMPLES: Final = (
    (r"[^@\s]+@[^@\s]+\.[^@\s]+", "user.contact.email"),
    (r"\d{1,3}(\.\d{1,3}){3}", "user.device.ip_address"),
    (r"\+\d[\d ()/-]{6,}", "user.contact.phone_number"),
)
IDENTIFYING: Final = {"user.contact.email": "email", "user.contact.phone_number": "phone_number"}
THINGS: Final = re.compile(r"product|article|item|plan|category|currency|country|setting|migration")
_TYPES: Final = {
    "string": "string",
    "enum": "string",
    "integer": "integer",
    "number": "float",
    "boolean": "boolean",
    "json": "object",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A category for a column, and why."""

    table: str
    column: str
    category: str
    why: str


def inspect(
    connection: Connection, key: str, *, schema: str | None = None, sample: bool = False
) -> tuple[str, list[Proposal]]:
    """The draft as YAML, and its proposals. It is to be read and corrected by somebody."""
    inspector = sa.inspect(connection)
    proposals: dict[str, list[Proposal]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        names = sorted(inspector.get_table_names(schema=schema))
        columns = {name: inspector.get_columns(name, schema=schema) for name in names}
        keys = {name: inspector.get_foreign_keys(name, schema=schema) for name in names}
        primary = {name: inspector.get_pk_constraint(name, schema=schema) for name in names}
    for name in names:
        proposals[name] = list(_proposed(name, columns[name]))
        if sample:
            proposals[name] += _sampled(connection, name, schema, columns[name], proposals[name])
    level = _levels(
        keys, {n for n, found in proposals.items() if any(o.category in IDENTIFYING for o in found)}
    )
    collections = [
        _collection(
            name,
            columns[name],
            {one.column: one.category for one in proposals[name]},
            set(primary[name]["constrained_columns"]),
            _references(name, keys[name], key, level),
        )
        for name in names
    ]
    dataset: dict[str, Any] = {"fides_key": key, "name": key, "collections": collections}
    if schema:
        dataset["fides_meta"] = {"namespace": {"schema": schema}}
    text = yaml.safe_dump(
        {"dataset": [dataset]}, sort_keys=False, allow_unicode=True, default_flow_style=False
    )
    return text, [one for found in proposals.values() for one in found]


def _proposed(table: str, columns: Sequence[Any]) -> Iterator[Proposal]:
    thing = THINGS.search(table.lower())
    for column in columns:
        name, kind = column["name"], kind_of(column["type"])
        for pattern, category in NAMES:
            match = re.search(pattern, name.lower())
            if match is None or (thing and category in ("user.name", "user.content.private")):
                continue
            if kind in ("string", "json", "binary", "date", "datetime", "enum", "", "uuid") or (
                kind in ("integer", "number")
                and category.startswith(("user.contact", "user.fin", "user.loc", "user.gov"))
            ):
                yield Proposal(table, name, category, f"the name holds “{match[0]}”")
                break
        else:
            if name.lower() in ("customer_id", "user_id", "person_id", "client_id", "member_id"):
                yield Proposal(table, name, "user.unique_id", "the name is that of a person's key")


def _sampled(
    connection: Connection,
    table: str,
    schema: str | None,
    columns: Sequence[Any],
    found: Sequence[Proposal],
) -> Iterator[Proposal]:
    texts = [c["name"] for c in columns if kind_of(c["type"]) == "string"]
    texts = [name for name in texts if name not in {one.column for one in found}]
    if not texts:
        return
    cells = named(table, schema, texts)
    rows = connection.execute(sa.select(*cells.c).limit(SAMPLE)).all()
    for number, name in enumerate(texts):
        values = [row[number] for row in rows if row[number]]
        for pattern, category in SAMPLES:
            hits = sum(bool(re.fullmatch(pattern, str(value))) for value in values)
            if values and hits * 2 > len(values):
                why = f"{hits} of {len(values)} values looked at have its form"
                yield Proposal(table, name, category, why)
                break


def _levels(found: Mapping[str, Sequence[Any]], people: set[str]) -> dict[str, int]:
    """How many references each table is away from one that holds addresses of people."""
    level, step = dict.fromkeys(people, 0), 0
    while True:
        near = {
            other: step + 1
            for table, keys in found.items()
            for one in keys
            for here, other in ((table, one["referred_table"]), (one["referred_table"], table))
            if level.get(here) == step and other not in level
        }
        if not near:
            return level
        level |= near
        step += 1


def _collection(
    table: str,
    columns: Sequence[Any],
    categories: Mapping[str, str],
    primary: set[str],
    references: Mapping[str, list[dict[str, str]]],
) -> dict[str, Any]:
    fields = []
    for column in columns:
        name = column["name"]
        category = categories.get(name, "system.operations")
        meta = _meta(column, category, primary=name in primary)
        if name in references:
            meta["references"] = references[name]
        field = {"name": name, "data_categories": [category]}
        fields.append(field | ({"fides_meta": meta} if meta else {}))
    return {"name": table, "fields": fields}


def _references(
    table: str, keys: Sequence[Any], dataset: str, level: Mapping[str, int]
) -> dict[str, list[dict[str, str]]]:
    """A foreign key leads away from people: to the table that is farther from them."""
    found: dict[str, list[dict[str, str]]] = {}
    for foreign in keys:
        there = foreign["referred_table"]
        onward = level.get(there, 99) > level.get(table, 99)
        for column, target in zip(
            foreign["constrained_columns"], foreign["referred_columns"], strict=False
        ):
            reference = {"dataset": dataset, "field": f"{there}.{target}"}
            reference["direction"] = "to" if onward else "from"
            found.setdefault(column, []).append(reference)
    return found


def _meta(column: Any, category: str, *, primary: bool) -> dict[str, Any]:
    kind, meta = kind_of(column["type"]), dict[str, Any]()
    if primary:
        meta["primary_key"] = True
    if category in IDENTIFYING:
        meta["identity"] = IDENTIFYING[category]
    if kind in _TYPES:
        meta["data_type"] = _TYPES[kind]
    if kind == "string" and (length := getattr(column["type"], "length", None)):
        meta["length"] = length
    return meta
