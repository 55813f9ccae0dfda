"""A copy of a conversation by mail, sent by staff: to whoever takes part in it, and nobody else."""

from __future__ import annotations

from typing import Any, Final

from troth.channels.conversations import acts, queries, reading
from troth.channels.conversations.mailing.addressing import EMAIL, addressee, to_addressee
from troth.channels.conversations.models import Conversation, Message as Written
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Missing
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.people.models import Element
from troth.kit.outbox.api import Message, register_mail, send

KIND: Final = "conversations.copy"
ABILITY: Final = "inbox.read"


def context(message: Message) -> dict[str, Any]:
    """What was said, in order, when the mail is made."""
    place = Conversation.objects.select_related("person").get(pk=message.about)
    read = reading.participant_messages(place, message.person, actor=Actor.system("worker"))
    company = current().policy.company
    who = {Written.Side.PERSON: "You", Written.Side.STAFF: company.name}
    return {
        "number": place.number,
        "company": company,
        "lines": [
            {"who": who[Written.Side(one.side)], "at": f"{one.sent_at:%H:%M}", "text": one.text}
            for one in read
        ],
        "day": f"{place.opened_at:%-d %B %Y}",
    }


@action
def send_copy(place: Conversation, address: str, *, actor: Actor) -> None:
    """Queue a copy of all that was said. Raises `UseDenied` for an address that takes no part."""
    actor.needs(ABILITY)
    row = addressee(place, address, actor=actor)
    person, purpose = row.person, queries.purpose_of(place)
    held = Element.objects.filter(
        person__root_id=person.root_id, category=EMAIL, index=bytes(row.address_index or b"")
    )
    to = held.order_by("-collected_at").first()
    if to is None:
        raise Missing("There is no address of theirs on file to send this to.")
    with to_addressee(row, actor=actor):
        send(person, kind=KIND, purpose=purpose, actor=actor, record=place.pk, to=to)
    record(
        act=acts.COPIED,
        organisation=place.organisation_id,
        actor=actor,
        subject=person.ref,
        purpose=purpose,
        clause=place.clause,
        version=current().version,
    )


def register() -> None:
    register_mail(kind=KIND, template="conversations/mail/copy.md", context=context)
