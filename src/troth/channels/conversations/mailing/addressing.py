"""Whom the words of a conversation may go to: who takes part in it, and nobody else.

Where a clause lets messages out to their addressee alone, on the ground that the service needs it,
each delivery is such a disclosure. That the ground is there is looked up: it is, for somebody who
takes part in the conversation, and for the words of that conversation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from troth.channels.conversations import queries
from troth.channels.conversations.models import Conversation, Participant
from troth.channels.conversations.queries.permitted import CONTENT, content_of
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.gate.authorities import Authority, register_authority
from troth.core.gate.denials import Attempt, UseDenied, refuse
from troth.core.notices.versions import current
from troth.core.sealing.blind import blind_index

EMAIL: Final = "user.contact.email"
ADDRESSEE: Final = "addressee"
GROUND: Final = "service-delivery"


@dataclass(frozen=True, slots=True)
class Door:
    """The clause by which a message reaches its addressee."""

    to: str
    purpose: str
    clause: str


def door() -> Door | None:
    """That clause of the policy in force; None where no clause speaks of it."""
    rules = current().rules
    for share in rules.policy.shares:
        for party in share.recipients:
            if rules.recipients[party].kind == ADDRESSEE and GROUND in share.grounds:
                return Door(party, share.purposes[0], share.clause)
    return None


@contextmanager
def to_addressee(row: Participant, *, actor: Actor) -> Iterator[None]:
    """Let the words of a conversation go to somebody who takes part in it: a disclosure, where a
    clause speaks of it. Raises `UseDenied`.
    """
    found = door()
    if found is None:
        yield
        return
    place = row.conversation
    with uses.use(
        actor=actor,
        purpose=found.purpose,
        person=place.person,
        data=[content_of(place)],
        to=found.to,
        case=row.pk.hex,
    ):
        yield


def addressee(place: Conversation, address: str, *, actor: Actor) -> Participant:
    """Who takes part with this address. Raises `UseDenied` for any other, and it is recorded."""
    purpose = queries.purpose_of(place)
    with uses.search(actor=actor, purpose=purpose, category=EMAIL) as opening:
        index = blind_index(opening, EMAIL, address)
    row = Participant.objects.select_related("conversation__person", "person").filter(
        conversation=place, address_index=index
    )
    if (found := row.first()) is not None:
        return found
    out = door()
    raise refuse(
        UseDenied(
            "This does not go to that address.",
            why="What is said here goes to whoever takes part in it, and to nobody else.",
            do="Write to one of the addresses in this conversation.",
            clause=out.clause if out else "",
            attempt=Attempt(
                actor,
                "share",
                out.purpose if out else purpose,
                (content_of(place),),
                place.person.ref,
                out.to if out else "",
                current().version,
                "not-addressee",
            ),
        )
    )


def standing(ref: str) -> Authority:
    """What stands behind a delivery: that somebody takes part (`ref` is their row's id)."""
    out, rows = door(), Participant.objects.select_related("conversation__person", "person")
    try:
        row = rows.filter(pk=UUID(hex=ref)).first()
    except ValueError:
        row = None
    if row is None or out is None:
        return Authority(ref, "case-missing")
    whose = {row.conversation.person.root_id, row.person.root_id}
    return Authority(
        ref,
        to=out.to,
        purpose=out.purpose,
        categories=frozenset({CONTENT, EMAIL, content_of(row.conversation)}),
        met=frozenset({f"ground:{GROUND}"}),
        names=partial(_among, whose),
    )


def _among(whose: Collection[UUID], people: Collection[UUID]) -> bool:
    return set(people) <= set(whose)


def register() -> None:
    register_authority(standing)
