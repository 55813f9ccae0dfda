"""Whether an organisation may be at work: a client, once it accepted its contract."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from troth.core.organisations.models import Organisation

_open: Final[set[UUID]] = set()  # nothing closes one again, so what was seen once holds


def is_open(organisation: UUID) -> bool:
    """Whether the organisation of this id may serve its pages and collect."""
    if organisation not in _open:
        found = Organisation.objects.filter(pk=organisation).first()
        if found is None or not found.is_open:
            return False
        _open.add(organisation)
    return True
