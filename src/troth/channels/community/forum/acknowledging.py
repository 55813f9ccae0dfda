"""What holds in the forum, shown before the first post and taken note of; again when it changes."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from troth.channels.community import acts
from troth.channels.community.clauses import POST
from troth.channels.community.models import Acknowledgement
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.errors import Denied, Invalid
from troth.core.gate import permits
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.people.models import Person
from troth.policy.blocks import Inform


class NotedDenied(Denied):
    """Whoever this is has not taken note of what holds in the forum as it stands now."""


def notices() -> tuple[Inform, ...]:
    """The sentences of the policy that stand before a post, each with its clause."""
    return current().rules.informs_at(POST)


def digest() -> str:
    """What the very words are known by. Where a line breaks is no other word."""
    words = "\0".join(" ".join(one.text.split()) for one in notices())
    return sha256(words.encode()).hexdigest()


def noted(person: Person) -> bool:
    """Whether this human took note of the words as they stand; nothing to note is noted."""
    mine = Acknowledgement.objects.filter(person__root_id=person.root_id, notice=digest())
    return not notices() or mine.exists()


def needs_note(person: Person) -> None:
    """Raise `NotedDenied`, with the clause, before anything is posted."""
    if not noted(person):
        raise NotedDenied(
            "Nothing can be posted before you took note of what holds here.",
            why="Everybody reads what is posted, and the policy warns of that first.",
            do="Read it and say so.",
            clause=notices()[0].clause,
        )


@action
def note(person: Person, *, actor: Actor, clauses: Sequence[str], notice: str) -> None:
    """Record that the person was shown each of these clauses and took note. Twice is once.

    `notice` is the digest of the words they were shown. Raises `Invalid` unless it is what holds
    now, and they are all that there is.
    """
    shown = notices()
    if notice != digest():
        raise Invalid("What holds here has changed meanwhile.", do="Read it as it is now.")
    if {one.clause for one in shown} - set(clauses):
        raise Invalid("Tick each of them.", do="Without that nothing can be posted here.")
    permits.lock(person.root_id)
    if noted(person):
        return
    published = current()
    Acknowledgement.objects.create(
        person_id=person.root_id,
        notice=digest(),
        clauses=[one.clause for one in shown],
        version=published.version,
        at=clock.now(),
    )
    for one in shown:
        record(
            act=acts.NOTED,
            organisation=person.organisation_id,
            actor=actor,
            subject=person.ref,
            clause=one.clause,
            version=published.version,
            detail={"notice": digest()},
        )
