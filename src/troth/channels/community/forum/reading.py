"""Threads as everybody reads them, and as moderators do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.safestring import SafeString

from troth.channels.community.clauses import CONTENT, POST, CommunityMissing, Place, needed
from troth.channels.community.forum.indexing import having
from troth.channels.community.forum.posting import TITLE
from troth.channels.community.models import Board, Post, Thread
from troth.core.actors import Actor
from troth.core.gate import uses
from troth.core.gate.showing import shown
from troth.core.keyring.opening import Opening
from troth.core.people.models import Element, Person
from troth.kit import words

Row = TypeVar("Row", bound=Model)
FOUND: Final = 50
PER_PAGE: Final = 20
REL: Final = "ugc nofollow noopener noreferrer"


@dataclass(frozen=True, slots=True)
class Seen:
    """A post as it is shown: `html` is empty where it is not, or its author is gone."""

    post: Post
    author: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    quoted: Seen | None = None
    earlier: tuple[str, ...] = field(default=(), repr=False)

    @property
    def html(self) -> SafeString:
        return words.markdown(self.text, rel=REL)

    @property
    def there(self) -> bool:
        return bool(self.text)


@dataclass(frozen=True, slots=True)
class Line:
    """A thread in a list."""

    thread: Thread
    title: str = field(repr=False)
    author: str = field(default="", repr=False)
    answers: int = 0


def boards() -> list[Board]:
    """The boards of the forum, in order; none where the policy has no forum."""
    return list(Board.objects.all())


def board(slug: str) -> Board:
    return _one(Board.objects.filter(slug=slug))


def thread(ref: str) -> Thread:
    return _one(threads().filter(ref=ref).select_related("board"))


def post(ref: str) -> Post:
    return _one(Post.objects.filter(ref=ref).select_related("thread__board", "person__root"))


def threads() -> QuerySet[Thread]:
    """Those in which somebody's post is left."""
    return Thread.objects.filter(Exists(Post.objects.filter(thread=OuterRef("pk"))))


def of_thread(found: Thread) -> QuerySet[Post]:
    return found.posts.select_related("quotes", "person").order_by("number")


def seen(posts: Sequence[Post]) -> list[Seen]:
    """Posts as everybody sees them: of those that are shown, by those who may be."""
    quoted = [one.quotes for one in posts if one.quotes is not None]
    visible = [one for one in (*posts, *quoted) if one.state == Post.State.SHOWN]
    texts, names = _public(visible)
    return [_seen(one, texts, names) for one in posts]


def title(found: Thread) -> str:
    """Its title, while the post it began with is shown; "" otherwise."""
    return titles([found]).get(found.pk, "")


def titles(found: Iterable[Thread]) -> dict[UUID, str]:
    """By thread, the titles that may be seen."""
    firsts = Post.objects.filter(thread__in=list(found), number=1, state=Post.State.SHOWN)
    people = dict(firsts.values_list("thread_id", "person_id"))
    place = needed(POST)
    with _open(place, CONTENT, people.values()) as opening:
        return _newest(people, opening.whom, TITLE)


def lines(found: Sequence[Thread]) -> list[Line]:
    """Threads as lists show them."""
    known = titles(found)
    firsts = Post.objects.filter(thread__in=list(found), number=1, state=Post.State.SHOWN)
    people = dict(firsts.values_list("thread_id", "person_id"))
    names = _names(needed(POST), people.values())
    return [
        Line(one, known.get(one.pk, ""), names.get(people.get(one.pk), ""), one.last - 1)
        for one in found
    ]


def search(text: str) -> list[tuple[Seen, str]]:
    """The newest posts with all these words, each with the title of its thread."""
    place = needed(POST)
    records = having(text, place).values("record")
    found = list(
        Post.objects.filter(pk__in=records, state=Post.State.SHOWN)
        .select_related("thread__board", "person", "quotes")
        .order_by("-posted_at")[:FOUND]
    )
    known = titles([one.thread for one in found])
    return [(one, known.get(one.post.thread_id, "")) for one in seen(found) if one.there]


def for_moderators(posts: Sequence[Post], *, actor: Actor) -> list[Seen]:
    """Posts with what they said before, hidden or not; opening them is on the ledger."""
    place = needed(POST)
    people = {one.person_id for one in posts}
    data = [CONTENT]
    with uses.use_audience(actor=actor, purpose=place.purpose, data=data, among=people) as opening:
        said = _all([one.pk for one in posts], opening.whom)
    with uses.use_audience(
        actor=actor, purpose=place.purpose, data=[place.name.category], among=people
    ) as opening:
        names = _called(place, opening.whom)
    return [
        Seen(
            one,
            names.get(one.person_id, ""),
            (said.get(one.pk) or [""])[0],
            earlier=tuple(said.get(one.pk, [])[1:]),
        )
        for one in posts
    ]


def _seen(one: Post, texts: dict[UUID, str], names: dict[Any, str]) -> Seen:
    author = names.get(one.person_id, "") if one.pk in texts else ""
    quoted = None
    if one.quotes is not None and one.quotes.pk in texts:
        other = one.quotes
        quoted = Seen(other, names.get(other.person_id, ""), texts[other.pk])
    return Seen(one, author, texts.get(one.pk, ""), quoted)


def _public(posts: Sequence[Post]) -> tuple[dict[UUID, str], dict[Any, str]]:
    place = needed(POST)
    people = {one.pk: one.person_id for one in posts}
    with _open(place, CONTENT, people.values()) as opening:
        texts = _newest(people, opening.whom)
    return texts, _names(place, people.values())


def _names(place: Place, people: Iterable[UUID]) -> dict[Any, str]:
    with _open(place, place.name.category, people) as opening:
        return _called(place, opening.whom)


def _open(place: Place, category: str, people: Iterable[UUID]) -> AbstractContextManager[Opening]:
    return shown(purpose=place.purpose, data=[category], among=frozenset(people), to=place.to)


def _newest(records: dict[UUID, UUID], people: frozenset[UUID], name: str = "") -> dict[UUID, str]:
    """Under each record the newest words of its own author, if they are among the people."""
    rows = Element.objects.filter(
        record__in=list(records), touchpoint=POST, category=CONTENT, person_id__in=people
    )
    rows = rows.filter(name=name) if name else rows.exclude(name=TITLE)
    found: dict[UUID, str] = {}
    for element in rows.order_by("collected_at", "id"):
        if element.record and isinstance(value := element.value, str):
            found[element.record] = value
    return found


def _all(records: Sequence[UUID], people: frozenset[UUID]) -> dict[UUID, list[str]]:
    rows = Element.objects.filter(
        record__in=list(records), touchpoint=POST, category=CONTENT, person_id__in=people
    ).exclude(name=TITLE)
    found: dict[UUID, list[str]] = {}
    for element in rows.order_by("-collected_at", "-id"):
        if element.record and isinstance(value := element.value, str):
            found.setdefault(element.record, []).append(value)
    return found


def _called(place: Place, people: frozenset[UUID]) -> dict[Any, str]:
    """What each record of these humans goes by: one name for all records of one of them."""
    rows = Element.objects.filter(
        touchpoint=POST, category=place.name.category, person_id__in=people
    ).select_related("person")
    by_root: dict[UUID, str] = {}
    for element in rows.order_by("collected_at", "id"):
        if isinstance(value := element.value, str):
            by_root[element.person.root_id] = value
    roots = dict(_roots(people))
    return {one: by_root[root] for one, root in roots.items() if root in by_root}


def _roots(people: frozenset[UUID]) -> Iterator[tuple[UUID, UUID]]:
    yield from Person.objects.filter(pk__in=people).values_list("pk", "root_id")


def _one(found: QuerySet[Row]) -> Row:
    row = found.first()
    if row is None:
        raise CommunityMissing("There is nothing here.", do="Look for it in the forum.")
    return row
