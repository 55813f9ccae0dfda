"""Stories told under somebody's name: written down, shown to that person, agreed to, published.

Until they agree nobody reads what was written down but they: not even the staff. Other words than
those they agreed to are asked about anew, and a no takes the story off at once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from troth.channels.community import acts, reaching, records
from troth.channels.community.answers import said_no
from troth.channels.community.clauses import CONTENT, STORY, CommunityMissing, Place, needed, place
from troth.channels.community.models import Story
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import renew
from troth.core.choices.deciding import Wish, decide
from troth.core.errors import Denied, Invalid
from troth.core.gate import uses
from troth.core.gate.collecting import collect
from troth.core.gate.manners import recipient
from troth.core.gate.permits import lock, standing_of
from troth.core.gate.showing import shown
from troth.core.ids import row_id
from troth.core.ledger.api import Opening, record
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.people.records import Given
from troth.kit.outbox.api import send

WRITE: Final = "articles.write"
MAIL: Final = "community.story"
PICTURE: Final = "#picture"


class StoryDenied(Denied):
    """It may not be published."""


@dataclass(frozen=True, slots=True)
class Told:
    """A story as it shows: what it says by the field of the clause."""

    story: Story
    words: dict[str, str]
    quote: str
    picture: str


@action
def write(
    *,
    actor: Actor,
    person: Person,
    words: dict[str, str],
    picture: str = "",
    story: Story | None = None,
) -> Story:
    """Write a story down, or other words for one, and ask the person by mail whether they agree.

    What it said before is not shown any more. Raises `StoryDenied` where they cannot be asked.
    """
    actor.needs(WRITE)
    where, person = needed(STORY), person.root
    purpose = reaching.mail_purpose(person)
    if not purpose:
        raise StoryDenied(
            "This person cannot be asked.",
            why="A story is published with their consent alone, and they may not be written to.",
            clause=where.shares,
        )
    if said_no(person, where):
        raise StoryDenied(
            "This person has said no.",
            why="Whoever does not want their story told is not asked again.",
            do="They can change that among their choices.",
            clause=where.shares,
        )
    fields = {one.key: one for one in where.touchpoint.fields}
    lacking = [
        key for key, one in fields.items() if one.required and not words.get(key, "").strip()
    ]
    if lacking:
        raise Invalid("A story has all that the clause asks for.", do="Fill in every such field.")
    given = [
        Given(key, fields[key].category, text.strip())
        for key, text in words.items()
        if text.strip()
    ]
    if picture:
        given.append(Given(_quote(where) + PICTURE, CONTENT, picture))
    if story is None:
        story = Story(person=person, made_at=clock.now())
        story.save(force_insert=True)
    else:
        renew(story, held=True)
        records.take_away(story.text, STORY, clause=where.touchpoint.clause)
        story.text = row_id()
    data = sorted({one.category for one in given})
    with collect(actor=actor, touchpoint=STORY, data=data, offline=True) as point:
        point.hold(person, given, record=story.text)
    story.published_at, story.agreed, story.agreed_at, story.ended_at = None, None, None, None
    story.asked_at = clock.now()
    story.save()
    _note(acts.TOLD, story, actor, where)
    _note(acts.ASKED, story, actor, where)
    send(person, kind=MAIL, purpose=purpose, actor=actor, record=story.pk)
    return story


@action
def agree(story: Story, *, actor: Actor, text: UUID) -> None:
    """The person says yes to the words they were shown, and to no others.

    Raises `StoryDenied` if it says something else by now.
    """
    where, person = needed(STORY), story.person.root
    renew(story, held=True)
    if story.text != text or story.ended_at is not None:
        raise StoryDenied(
            "The story is not what it was when you opened this page.", do="Read it as it is now."
        )
    with uses.own(person=person, actor=actor):
        said = Opening.of(records.values(story.text, STORY))
    wording = f"I agree that this story is published as it was shown to me: {story.text.hex}."
    _decide(person, where, actor, yes=True, wording=wording)
    story.agreed, story.agreed_at, story.ended_at = story.text, clock.now(), None
    story.save(update_fields=["agreed", "agreed_at", "ended_at"])
    _note(acts.AGREED, story, actor, where, commitment=said.commitment())


@action
def refuse(story: Story, *, actor: Actor) -> None:
    """The person says no, or takes their yes back: nothing of theirs is shown from now on."""
    where = needed(STORY)
    _decide(story.person.root, where, actor, yes=False)
    renew(story, held=True)  # the no itself has ended all of theirs, as `heard` does
    _end(story, where, actor)


@action
def publish(story: Story, *, actor: Actor) -> None:
    """Show it to everybody. Raises `StoryDenied` without the person's yes to these very words."""
    actor.needs(WRITE)
    where = needed(STORY)
    renew(story, held=True)
    if story.agreed != story.text:
        raise StoryDenied(
            "This story may not be published.",
            why="The person it names has not agreed to these words.",
            do="They were asked by mail. Wait for their answer.",
            clause=where.shares,
        )
    held = Element.objects.filter(record=story.text, touchpoint=STORY)
    data = set(held.values_list("category", flat=True))
    with uses.use(
        actor=actor,
        purpose=where.purpose,
        person=story.person.root,
        data=sorted(data),
        to=where.to,
    ):
        story.published_at = clock.now()
        story.save(update_fields=["published_at"])
    _note(acts.SHOWN, story, actor, where)


@action
def unpublish(story: Story, *, actor: Actor) -> None:
    """Show it no more."""
    actor.needs(WRITE)
    story.published_at = None
    story.save(update_fields=["published_at"])
    _note(acts.TAKEN_BACK, story, actor, needed(STORY))


def heard(person: Person, purposes: Collection[str]) -> None:
    """Somebody decided: whoever took their yes back has no story here, as `on_choice` has it."""
    where = place(STORY)
    if where is None or where.purpose not in purposes:
        return
    if said_no(person, where):
        for story in Story.objects.filter(person__root_id=person.root_id, ended_at=None):
            _end(story, where, Actor.system("community"))


def told() -> list[Told]:
    """The stories as everybody reads them, newest first."""
    rows = list(Story.objects.filter(published_at__isnull=False).order_by("-published_at"))
    return _read(needed(STORY), rows)


def one(ref: str) -> Told:
    """One that shows. Raises `CommunityMissing` for any other, also one that did."""
    found = _read(needed(STORY), list(Story.objects.filter(ref=ref, published_at__isnull=False)))
    if not found:
        raise CommunityMissing("There is no such story.", do="Read the others.")
    return found[0]


def own(story: Story, *, actor: Actor) -> Told:
    """A story as the person it names reads it before they answer; on the ledger as theirs."""
    where = needed(STORY)
    with uses.own(person=story.person.root, actor=actor):
        return _told(where, story, records.values(story.text, STORY))


def _read(where: Place, rows: list[Story]) -> list[Told]:
    rows = [one for one in rows if one.agreed == one.text]
    people = {one.text: one.person_id for one in rows}
    data = sorted({one.category for one in where.touchpoint.fields if one.required})
    among = frozenset(people.values())
    with shown(purpose=where.purpose, data=data, among=among, to=where.to) as opening:
        held = records.many(people, STORY, opening.whom)
    return [_told(where, one, held[one.text]) for one in rows if one.text in held]


def _told(where: Place, story: Story, held: dict[str, str]) -> Told:
    quote = _quote(where)
    words = {key: text for key, text in held.items() if not key.endswith(PICTURE) and key != quote}
    return Told(story, words, held.get(quote, ""), held.get(quote + PICTURE, ""))


def _quote(where: Place) -> str:
    field = where.field(CONTENT)
    return field.key if field else "quote"


def _decide(person: Person, where: Place, actor: Actor, *, yes: bool, wording: str = "") -> None:
    """Note the answer to the purpose and to its being public, both at once."""
    lock(person.root_id)
    decide(
        person,
        [Wish(where.purpose, yes, manner, wording) for manner in ("", recipient(where.to))],
        actor=actor,
        way="link",
        standing=standing_of(person.root_id),
        published=current(),
    )


def _end(story: Story, where: Place, actor: Actor) -> None:
    if story.ended_at is not None:
        return
    records.take_away(story.text, STORY, clause=where.touchpoint.clause)
    story.ended_at, story.published_at, story.agreed = clock.now(), None, None
    story.save(update_fields=["ended_at", "published_at", "agreed"])
    _note(acts.TAKEN_BACK, story, actor, where)


def _note(
    act: str, story: Story, actor: Actor, where: Place, *, commitment: str | None = None
) -> None:
    record(
        act=act,
        organisation=story.organisation_id,
        actor=actor,
        subject=story.person.ref,
        purpose=where.purpose,
        clause=where.touchpoint.clause,
        version=current().version,
        commitment=commitment,
        detail={"story": story.ref},
    )
