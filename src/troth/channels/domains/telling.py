"""What an access package says of a domain beside its owner's data: state, and what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from troth.channels.domains.clauses import AT
from troth.core.rights.own.telling import present
from troth.core.rights.sources import Found


def domains(rows: QuerySet[Any]) -> Iterator[Found]:
    for row in rows:
        value = {
            "ordered": row.ordered_at.isoformat(),
            "state": row.get_state_display(),
            "shown in the public registry": ", ".join(row.shown) or "nothing",
            "technical contact": "somebody you named" if row.technical_id else "the company",
        }
        yield Found("This service", "Domain", "system", value, origin=AT, at=row.ordered_at)


def register() -> None:
    present("domains.Domain", domains)
