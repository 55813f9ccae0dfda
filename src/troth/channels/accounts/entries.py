"""Putting acts of accounts on the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from troth.channels.accounts.grounds import account_purpose
from troth.core.actors import Actor
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.people.models import Person


def note(
    act: str,
    person: Person,
    *,
    actor: Actor,
    clause: str = "",
    data: Sequence[str] = (),
    count: int | None = None,
    detail: Mapping[str, object] | None = None,
) -> UUID:
    """Record `act` about a person under the purpose of accounts, in the transaction of the act."""
    published, purpose = current(), account_purpose()
    return record(
        act=act,
        organisation=person.organisation_id,
        actor=actor,
        subject=person.ref,
        purpose=purpose,
        clause=clause or published.rules.purposes[purpose].clause,
        version=published.version,
        data=sorted(set(data)),
        count=count,
        detail=detail,
    )


def as_person(person: Person) -> Actor:
    """The person as the one who acts."""
    root = person.root
    return Actor("person", root.ref, person_id=root.pk)
