"""Writing in the forum: a thread, an answer, a change, taking one's own back."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from troth.channels.community import acts
from troth.channels.community.clauses import CONTENT, POST, needed
from troth.channels.community.forum import naming
from troth.channels.community.forum.acknowledging import needs_note
from troth.channels.community.forum.indexing import digests_of, index
from troth.channels.community.models import Board, Post, Thread, Word
from troth.channels.conversations.api import mask
from troth.core import clock
from troth.core.actions import action
from troth.core.actors import Actor
from troth.core.changing import renew
from troth.core.errors import Denied, Invalid
from troth.core.gate import uses
from troth.core.gate.collecting import collect
from troth.core.keyring import erasures
from troth.core.keyring.store import signing_key
from troth.core.ledger.api import record
from troth.core.notices.versions import current
from troth.core.people.models import Element, Person
from troth.core.people.records import Given
from troth.core.retention.ending import ELEMENTS
from troth.core.retention.holds import refuse_held
from troth.core.retention.schedules import held
from troth.core.rights.ending import end

LONGEST: Final = 10_000
TITLE: Final = "post#title"
"""What a title is called among the data held: a post's, and not the post itself."""
SPEAK: Final = "forum.speak"


class PostDenied(Denied):
    """It is not theirs to change, or it cannot be answered any more."""


@action
def begin(
    board: Board,
    *,
    actor: Actor,
    person: Person,
    title: str,
    text: str,
    speaks: Actor | None = None,
) -> Post:
    """Begin a thread. Raises what `reply` raises."""
    renew(board)
    if board.closed:
        raise PostDenied("No thread is begun in this board any more.", do="Choose another one.")
    if not (title := " ".join(title.split())):
        raise Invalid("A thread has a title.")
    now = clock.now()
    thread = Thread(organisation_id=board.organisation_id, board=board, begun_at=now, moved_at=now)
    thread.save(force_insert=True)
    return _post(thread, actor, person, text, speaks=speaks, title=mask(title[:160]).text)


@action
def reply(
    thread: Thread,
    *,
    actor: Actor,
    person: Person,
    text: str,
    quotes: Post | None = None,
    speaks: Actor | None = None,
) -> Post:
    """Answer in a thread; `speaks` is the member of the staff as whom the author speaks for the
    organisation, which takes the ability. Raises `NotedDenied` before what holds here was taken
    note of, `UseDenied` where the policy or the person's own choice keeps it from being public.
    """
    renew(thread, held=True)
    if thread.locked:
        raise PostDenied("This thread is closed: nobody answers any more.")
    if quotes is not None and (quotes.thread_id != thread.pk or quotes.state != Post.State.SHOWN):
        raise PostDenied("This post cannot be quoted here.")
    return _post(thread, actor, person, text, speaks=speaks, quotes=quotes)


@action
def edit(post: Post, *, actor: Actor, person: Person, text: str) -> Post:
    """Change one's own post. What it said before stays with its author, and moderators see it."""
    _mine(post, person)
    needs_note(person)
    if post.state != Post.State.SHOWN:
        raise PostDenied("This post is not shown any more, so it cannot be changed.")
    post.edited_at = clock.now()
    post.save(update_fields=["edited_at"])
    _write(post, actor, person, text)
    note(acts.EDITED, post, actor)
    return post


@action
def remove(post: Post, *, actor: Actor, person: Person) -> None:
    """Take one's own post out: its words go, and that there was one stays."""
    _mine(post, person)
    take_out(post, clause=needed(POST).touchpoint.clause)
    note(acts.REMOVED, post, actor)


def take_out(post: Post, *, clause: str) -> None:
    """Remove what a post says and ever said, from backups too when one is restored. Raises
    `HeldDenied` under a legal hold.
    """
    mine = Element.objects.filter(record__in=_records(post), touchpoint=POST)
    if mine.filter(held(clock.now())).exists():
        refuse_held(post.person)
    erasures.note(
        organisation=post.organisation_id,
        owners=list(mine.values_list("pk", flat=True)),
        keys={},
        key=signing_key(post.organisation_id),
        act=ELEMENTS,
    )
    end(mine, then="erase", clause=clause)
    post.state, post.clause, post.ground = Post.State.REMOVED, clause, ""
    post.save(update_fields=["state", "clause", "ground"])


def note(act: str, post: Post, actor: Actor, *, clause: str = "") -> None:
    """Put it on the ledger, on the timeline of its author."""
    place = needed(POST)
    record(
        act=act,
        organisation=post.organisation_id,
        actor=actor,
        subject=post.person.ref,
        purpose=place.purpose,
        clause=clause or place.touchpoint.clause,
        version=current().version,
        data=[CONTENT],
        detail={"post": post.ref},
    )


def _records(post: Post) -> list[UUID]:
    """What the elements of a post stand under: of the first, the title too."""
    return [post.pk, post.thread_id] if post.number == 1 else [post.pk]


def _post(
    thread: Thread,
    actor: Actor,
    person: Person,
    text: str,
    *,
    speaks: Actor | None,
    title: str = "",
    quotes: Post | None = None,
) -> Post:
    if speaks is not None:
        speaks.needs(SPEAK)
    needs_note(person)
    if not naming.named(person):
        raise naming.NameInvalid("Choose a name for the forum first.")
    thread.last += 1
    thread.moved_at = clock.now()
    thread.save(update_fields=["last", "moved_at"])
    post = Post(
        organisation_id=thread.organisation_id,
        thread=thread,
        person=person,
        number=thread.last,
        speaks=speaks is not None,
        quotes=quotes,
        posted_at=thread.moved_at,
    )
    post.save(force_insert=True)
    _write(post, actor, person, text, title=title)
    note(acts.POSTED, post, actor)
    return post


def _write(post: Post, actor: Actor, person: Person, text: str, *, title: str = "") -> None:
    """Hold what it says, have it found by its words, and make it public: a disclosure."""
    text = mask(text.strip()).text
    if not text or len(text) > LONGEST:
        raise Invalid(f"A post has 1 to {LONGEST:,} letters.")
    place = needed(POST)
    field = place.field(CONTENT)
    key = field.key if field else "post"
    with collect(actor=actor, touchpoint=POST, data=[CONTENT]) as point:
        Word.objects.filter(element__record=post.pk).delete()
        if title:
            [named] = point.hold(person, [Given(TITLE, CONTENT, title)], record=post.thread_id)
            index(named, [title], point.opening)
        [element] = point.hold(person, [Given(key, CONTENT, text)], record=post.pk)
        titled = digests_of(post.thread_id) if post.number == 1 else ()
        index(element, [text], point.opening, also=titled)
    data = [place.name.category, CONTENT]
    with uses.use(actor=actor, purpose=place.purpose, person=person, data=data, to=place.to):
        """From now on everybody reads it (`gate.showing`)."""


def _mine(post: Post, person: Person) -> None:
    renew(post, held=True)
    if post.person.root_id != person.root_id:
        raise PostDenied("This post is not yours.")
    if post.state == Post.State.REMOVED:
        raise PostDenied("This post is removed already.")
