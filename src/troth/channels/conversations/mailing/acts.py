"""What mail puts on the ledger beside the messages themselves."""

from __future__ import annotations

from typing import Any

from troth.core.actors import Actor
from troth.core.ledger import kinds
from troth.core.ledger.acts import register
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.organisations.scope import current_organisation_id
from troth.core.people.models import Person

DID = (
    *("held", "looked", "accepted", "separated", "refused"),
    *("quarantined", "tried", "dropped", "downloaded", "withheld"),
)
HANDLED = register(
    "conversations.mail_handled",
    sentence="{actor} dealt with a mail that is kept apart: {did}",
    detail={"did": kinds.one_of(*DID)},
).name
SENT = register("conversations.mail_sent", sentence="A message was sent to you by mail").name
LAPSED = register(
    "conversations.mail_lapsed", sentence="{count} mails that nobody decided about were destroyed"
).name
RETURNED = register(
    "conversations.mail_returned", sentence="A message to you did not arrive by mail"
).name


def handled(did: str, *, actor: Actor) -> None:
    """Record what was done with a mail that is nobody's message yet."""
    record(
        act=HANDLED,
        organisation=current_organisation_id(),
        actor=actor,
        version=current().version,
        detail={"did": did},
    )


def lapsed(count: int, *, actor: Actor) -> None:
    """Record that so many mails went because nobody has decided about them."""
    record(
        act=LAPSED,
        organisation=current_organisation_id(),
        actor=actor,
        version=current().version,
        count=count,
    )


def of_person(act: str, person: Person, *, actor: Actor, **more: Any) -> None:
    """Record what became of a mail to somebody."""
    record(
        act=act,
        organisation=person.organisation_id,
        actor=actor,
        subject=person.ref,
        version=current().version,
        **more,
    )
