"""`filter(person__id__among=ids)`: a look-up by many ids that is one parameter of the query.

`__in` makes a parameter of each id, of which databases take some ten thousands and which Django
prepares one by one; this takes a million.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Lookup, UUIDField


@UUIDField.register_lookup
class Among(Lookup[Any]):
    """The id is one of those given, as any iterable of UUIDs."""

    lookup_name = "among"
    prepare_rhs = False

    rhs: Iterable[UUID]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """SQLite keeps a UUID as 32 hex digits."""
        column, params = self.process_lhs(compiler, connection)
        ids = json.dumps([one.hex for one in self.rhs])
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, ids]  # noqa: S608 - a column

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::uuid[])", [*params, [one.hex for one in self.rhs]]
