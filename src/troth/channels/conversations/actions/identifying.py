"""Who it is: a visitor says so, and their chat joins what the policy lets it join."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from troth.channels.conversations.actions.changing import changed, held
from troth.channels.conversations.models import Conversation, Participant
from troth.channels.conversations.refusals import PreChatInvalid
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.gate.collecting import collect
from troth.core.gate.merging import merge
from troth.core.ids import row_id
from troth.core.inserting import insert
from troth.core.notices.versions import current
from troth.core.people import records
from troth.core.people.models import Person
from troth.core.people.records import Given

PRE_CHAT: Final = "chat.pre-chat"
EMAIL: Final = "user.contact.email"


@action
def identify(conversation: Conversation, *, actor: Actor, given: Sequence[Given]) -> Conversation:
    """Take the pre-chat form of a chat. The visitor sees nothing of an earlier record: what was
    typed proves nothing. Doing it again changes nothing. Raises `PreChatInvalid` where the policy
    has no such form or it is not filled in.

    What joins is this chat's own record, which holds what was said in it and nothing else; the
    rows keep it, so that staff can take a wrong guess apart (`core.gate.merging.unmerge`).
    """
    complete(given)
    found = held(conversation)
    person = found.person
    if person.state == Person.State.IDENTIFIED or person.root_id != person.pk:
        return found
    with collect(actor=actor, touchpoint=PRE_CHAT, data=[item.category for item in given]) as point:
        known = _known(given)
        point.hold(known or person, given, record=found.pk)
        participant(found, person, given)
    if known is not None:
        merge(person, into=known, actor=Actor.system("desk"))
    elif any(item.category in records.IDENTIFYING for item in given):
        person.state = Person.State.IDENTIFIED
        person.save(update_fields=["state"])
    return changed(found, [], actor=actor, did="identified")


def complete(given: Sequence[Given]) -> None:
    """Raise `PreChatInvalid` unless the form is there, and all it asks for is given."""
    touchpoint = current().rules.touchpoints.get(PRE_CHAT)
    if touchpoint is None:
        raise PreChatInvalid(
            "This company asks nothing before a chat.",
            why="Its policy has no clause for it.",
            do="Begin the chat without it.",
        )
    asked = {field.key: field for field in touchpoint.fields}
    names = {item.name for item in given if item.text.strip()}
    lacking = [field.label for field in asked.values() if field.required and field.key not in names]
    if lacking or names - asked.keys():
        what = f"Missing: {', '.join(lacking)}." if lacking else "It holds more than was asked for."
        raise PreChatInvalid("The form is not filled in as it should be.", why=what)


def participant(conversation: Conversation, person: Person, given: Sequence[Given]) -> None:
    """Let the address among `given` write into the conversation. Inside an open touchpoint."""
    for item in given:
        if item.category != EMAIL:
            continue
        row = Participant(
            id=row_id(),
            organisation_id=conversation.organisation_id,
            conversation=conversation,
            person=person,
            address=item.text,
            added_at=clock.now(),
        )
        insert([row])
        return


def _known(given: Sequence[Given]) -> Person | None:
    for item in given:
        if item.category in records.IDENTIFYING:
            return records.find(item.category, item.text)
    return None
