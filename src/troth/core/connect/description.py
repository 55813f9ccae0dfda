"""What a connection's description says: tables, columns, whom they are about, how they join.

It is made from a fideslang dataset (`dataset.py`), from a live schema or from annotated models;
whatever runs over an outside database knows only this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

IDENTITIES: Final = {
    "email": "user.contact.email",
    "phone_number": "user.contact.phone_number",
    "external_id": "user.unique_id",
    "fides_user_device_id": "user.device.device_id",
    "ga_client_id": "user.device.cookie_id",
}
"""The data category that an identity of a dataset stands for; others are named by their field."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column points at another. `direction` is where the search goes: ``from`` there to here,
    ``to`` there from here, or "" for both.
    """

    table: str
    column: str
    direction: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column as described. `strategy` is how it is masked, "" where the default does."""

    name: str
    categories: tuple[str, ...] = ()
    identity: str = ""
    primary: bool = False
    data_type: str = ""
    length: int | None = None
    read_only: bool = False
    strategy: str = ""
    configuration: Mapping[str, Any] = field(default_factory=dict)
    references: tuple[Reference, ...] = ()

    @property
    def personal(self) -> bool:
        """Whether it says something about a person: what a request targets."""
        return any(name == "user" or name.startswith("user.") for name in self.categories)

    @property
    def category(self) -> str:
        """The category it is shown under: the first that is personal."""
        found = [one for one in self.categories if one == "user" or one.startswith("user.")]
        return found[0] if found else ""

    @property
    def sought(self) -> tuple[str, ...]:
        """The categories whose identifiers are looked up here."""
        if not self.identity:
            return ()
        named = IDENTITIES.get(self.identity)
        return (named,) if named else tuple(dict.fromkeys((self.identity, *self.categories)))


@dataclass(frozen=True, slots=True)
class Table:
    """One table as described.

    `deletes`: its rows go as a whole. `skipped`: the description leaves it out. `owner`: the
    column that says whose a row is, where several point at people. `age`: the column that says
    how old a row is, for retention.
    """

    key: str
    name: str
    schema: str | None
    columns: Mapping[str, Column]
    deletes: bool = False
    skipped: bool = False
    owner: str = ""
    age: str = ""

    @property
    def personal(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns.values() if column.personal)

    @property
    def identities(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns.values() if column.identity)


@dataclass(frozen=True, slots=True)
class Description:
    """A described database."""

    key: str
    label: str
    tables: Mapping[str, Table]

    def column(self, place: str) -> Column | None:
        """The column a place (``table.column``) names."""
        table, _, column = place.rpartition(".")
        found = self.tables.get(table)
        return found.columns.get(column) if found else None
