"""Recording an act, inside the transaction of the act itself: both happen or neither does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from uuid import UUID

from django.db import connection

from troth.core import clock
from troth.core.actors import Actor
from troth.core.errors import Missing
from troth.core.ids import row_id
from troth.core.ledger import rows
from troth.core.ledger.bodies import Draft, timestamp
from troth.core.organisations.models import Organisation


class TransactionMissing(Missing):
    """An act was recorded outside a transaction: it might stand there and not have happened."""

    status = 500


class OrganisationMissing(Missing):
    """The ledger was asked for an organisation there is none of."""


Owner = Organisation | UUID


def owner_id(organisation: Owner) -> UUID:
    return organisation if isinstance(organisation, UUID) else organisation.pk


@cache
def owner_ref(organisation: UUID) -> str:
    """The opaque reference by which the ledger calls the organisation. It never changes."""
    found = Organisation.objects.filter(pk=organisation).values_list("ref", flat=True).first()
    if found is None:
        raise OrganisationMissing("The ledger was asked for an organisation that is not here.")
    return found


def record(
    *,
    act: str,
    organisation: Owner,
    actor: Actor,
    subject: str | UUID | None = None,
    purpose: str = "",
    clause: str = "",
    version: str = "",
    data: Sequence[str] = (),
    count: int | None = None,
    to: str = "",
    commitment: str | None = None,
    detail: Mapping[str, object] | None = None,
) -> UUID:
    """Record one act; returns the id of its entry.

    Raises `TransactionMissing` outside `transaction.atomic`, `ActMissing` for an act that is not
    registered, and `ValueInvalid` or `BodyInvalid` for anything that could be a personal value.
    """
    draft = Draft(
        act=act,
        actor=actor,
        subject=subject,
        purpose=purpose,
        clause=clause,
        version=version,
        data=data,
        count=count,
        to=to,
        commitment=commitment,
        detail=detail or {},
    )
    return record_many(organisation, [draft])[0]


def record_many(organisation: Owner, drafts: Iterable[Draft]) -> list[UUID]:
    """Record many acts of one organisation; returns the ids in the same order. See `record`."""
    if not connection.in_atomic_block:
        raise TransactionMissing(
            "An act was recorded outside a transaction.",
            why="An act and its entry have to happen together or not at all.",
            do="Do both inside one `with transaction.atomic():`.",
        )
    owner = owner_id(organisation)
    # A replayed history is dated back; how long an act has waited is still the true time.
    ref, at, queued = owner_ref(owner), timestamp(clock.now()), timestamp()
    ids: list[UUID] = []
    found: list[tuple[str, str, str, bytes, str]] = []
    for draft in drafts:
        entry = row_id()
        body = draft.body(entry=entry, at=at, organisation=ref)
        ids.append(entry)
        found.append((entry.hex, owner.hex, draft.reference(), body, queued))
    if found:
        rows.insert(connection, "ledger_pending", rows.PENDING, found)
    return ids
