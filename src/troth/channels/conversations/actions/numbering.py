"""Numbers, which people quote: counted per organisation, none given twice."""

from __future__ import annotations

from django.db import connection

from troth.channels.conversations.actions.changing import desk_of
from troth.channels.conversations.models import Desk
from troth.core.statements import run

_NEXT = (
    "UPDATE conversations_desk SET last_number = last_number + 1 "
    "WHERE id = %s RETURNING last_number"
)


def next_number(desk: Desk | None = None) -> int:
    """The next number. The desk's row is held until the transaction ends."""
    key = (desk or desk_of()).pk
    spelled = key if connection.features.has_native_uuid_field else key.hex
    return int(run(connection, _NEXT, [spelled])[0][0])
