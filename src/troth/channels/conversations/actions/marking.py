"""Tags, links, read marks, and who takes part."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from troth.channels.conversations.actions.changing import ANSWER, changed, held, tell
from troth.channels.conversations.actions.handing import may_move
from troth.channels.conversations.models import (
    Conversation,
    Link,
    Message,
    Participant,
    Tag,
    Tagging,
)
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Invalid
from troth.core.gate.collecting import collect
from troth.core.ids import row_id
from troth.core.people.models import Person
from troth.core.people.records import Given

EMAIL = "user.contact.email"
KINDS = ("related", "cause", "duplicate")


@action
def tag(
    conversation: Conversation, *, actor: Actor, name: str, revision: int | None
) -> Conversation:
    """Put a tag on it, which is made if it is new."""
    actor.needs(ANSWER)
    found, wanted = held(conversation, revision), _name(name)
    known, _ = Tag.objects.get_or_create(name=wanted, defaults={"id": row_id()})
    _, new = Tagging.objects.get_or_create(conversation=found, tag=known)
    if not new:
        return found
    return changed(found, [], actor=actor, did="tagged", tag=wanted)


@action
def untag(
    conversation: Conversation, *, actor: Actor, name: str, revision: int | None
) -> Conversation:
    """Take a tag off."""
    actor.needs(ANSWER)
    found, wanted = held(conversation, revision), _name(name)
    if not Tagging.objects.filter(conversation=found, tag__name=wanted).delete()[0]:
        return found
    return changed(found, [], actor=actor, did="untagged", tag=wanted)


@action
def link(
    conversation: Conversation, *, actor: Actor, other: Conversation, kind: str = "related"
) -> None:
    """Say that two conversations have to do with each other: related, cause, duplicate."""
    actor.needs(ANSWER)
    if conversation.pk == other.pk or kind not in KINDS:
        raise Invalid("A link is between two conversations: related, cause or duplicate.")
    first, second = (held(one) for one in sorted([conversation, other], key=lambda c: c.pk))
    mine, theirs = (first, second) if first.pk == conversation.pk else (second, first)
    if _between(mine, theirs).exists():
        return
    Link.objects.create(id=row_id(), one=mine, other=theirs, kind=kind)
    changed(mine, [], actor=actor, did="linked", number=theirs.number, kind=kind)
    changed(theirs, [], actor=actor, did="linked", number=mine.number, kind=kind)


@action
def unlink(conversation: Conversation, *, actor: Actor, other: Conversation) -> None:
    """Take the link away, in either direction."""
    actor.needs(ANSWER)
    mine, theirs = held(conversation), held(other)
    if _between(mine, theirs).delete()[0]:
        changed(mine, [], actor=actor, did="unlinked", number=theirs.number)
        changed(theirs, [], actor=actor, did="unlinked", number=mine.number)


@action
def saw(conversation: Conversation, *, actor: Actor, seq: int) -> int:
    """The other side's messages up to `seq` were seen by the visitor (actor visitor or person) or
    by staff; returns how many that marked.
    """
    theirs = Message.Side.PERSON if actor.kind == "staff" else Message.Side.STAFF
    marked = Message.objects.filter(
        conversation=conversation, side=theirs, seq__lte=seq, seen_at=None
    ).update(seen_at=clock.now())
    if marked:
        side = "staff" if actor.kind == "staff" else "person"
        tell(conversation, kind="seen", seq=seq, side=side)
    return marked


@action
def add_participant(
    conversation: Conversation, *, actor: Actor, address: str, person: Person | None = None
) -> Participant:
    """Let somebody else write into it by mail and get copies. Without `person` the address is
    taken as one that came in by mail.
    """
    actor.needs(ANSWER)
    found = held(conversation)
    if actor.kind == "staff" and found.assignee_id is not None:
        may_move(found, actor=actor)  # who gets copies reads it
    where = "tickets.mail"
    with collect(actor=actor, touchpoint=where, data=[EMAIL]) as point:
        given = [Given("email", EMAIL, address)]
        if person is None:
            person = point.person(given)
            point.hold(person, given, record=found.pk)
        known = Participant.objects.filter(conversation=found, address=address).first()
        if known is not None:
            return known
        made = Participant(
            id=row_id(),
            conversation=found,
            person=person,
            address=address,
            copied=person.root_id != found.person.root_id,
            added_at=clock.now(),
        )
        made.save(force_insert=True)
    changed(found, [], actor=actor, did="added-participant")
    return made


def _between(one: Conversation, other: Conversation) -> QuerySet[Link]:
    return Link.objects.filter(Q(one=one, other=other) | Q(one=other, other=one))


def _name(text: str) -> str:
    found = " ".join(text.split()).lower()
    longest = Tag._meta.get_field("name").max_length or 0
    if not 1 <= len(found) <= longest:
        raise Invalid(f"A tag has 1 to {longest} characters.")
    return found
