"""The list: which conversations, in which order, and how many of each. Numbers and states alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Least
from django.http import QueryDict

from troth.channels.conversations.console import wording
from troth.channels.conversations.models import Conversation, Held, Queue, SavedView, Tag, Tagging
from troth.core.staff.models import Membership
from troth.kit.shell import Link

PAGE: Final = 25
FOUND: Final = 50  # what a search finds stands on one page
FILTERS: Final = ("state", "queue", "priority", "assignee", "tag", "way")
KEPT: Final = ("view", "saved", "sort", "q", *FILTERS)
_STATE = Conversation.State
ACTIVE: Final = (_STATE.OPEN, _STATE.WAITING, _STATE.HOLD)
ENDED: Final = (_STATE.SOLVED, _STATE.CLOSED)
VIEWS: Final = {"mine": "Mine", "free": "Unassigned", "active": "All", "ended": "Over"}
PLAIN: Final = re.compile(r"#?[0-9]{1,9}|(?:tag|state):[\w .-]{1,40}")
SORTS: Final = {"due": "What is due first", "new": "Newest first", "old": "Oldest first"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: a view, filters, an order, words to search."""

    view: str
    filters: Mapping[str, str]
    sort: str
    words: str = ""
    saved: SavedView | None = None

    @property
    def narrowed(self) -> bool:
        return bool(self.filters or self.words)


def asked(request: Any) -> Asked:
    """Read the address; what it names and is not there counts as not asked."""
    query = request.GET
    words = getattr(request, "searched", "") or plain(query.get("q", ""))
    saved = None
    if ref := query.get("saved", ""):
        mine = Q(member=request.member) | Q(member=None)
        saved = SavedView.objects.filter(mine, ref=ref).first()
    given = saved.filters if saved else query
    view = str(given.get("view", "mine" if not saved else "active"))
    filters = {key: str(given.get(key, ""))[:40] for key in FILTERS if given.get(key)}
    sort = str(given.get("sort", ""))
    return Asked(
        view if view in VIEWS else "mine",
        filters,
        sort if sort in SORTS else "due",
        words,
        saved,
    )


def plain(words: str) -> str:
    """What may stand in an address, which logs and histories keep: a number, a tag, a state. Words
    that people wrote, addresses and names are searched by POST alone.
    """
    words = words.strip()[:200]
    return words if PLAIN.fullmatch(words) else ""


def rows(request: Any, wanted: Asked, *, only: Iterable[UUID] | None = None) -> QuerySet[Any]:
    """The conversations asked for. Drafts without a message and merged ones are not among them."""
    found = listed()
    found = found.filter(pk__in=list(only)) if only is not None else in_view(found, request, wanted)
    for key, value in wanted.filters.items():
        found = found.filter(_filter(key, value, request))
    return ordered(found.annotate(held_count=_held()), wanted.sort)


def listed() -> QuerySet[Conversation]:
    return Conversation.objects.filter(merged_into=None, last_seq__gt=0)


def in_view(found: QuerySet[Any], request: Any, wanted: Asked) -> QuerySet[Any]:
    if wanted.view == "mine":
        found = found.filter(assignee=request.member)
    elif wanted.view == "free":
        found = found.filter(assignee=None)
    if "state" in wanted.filters:
        return found
    return found.filter(state__in=ENDED if wanted.view == "ended" else ACTIVE)


def _filter(key: str, value: str, request: Any) -> Q:
    """One filter; a value that cannot be one finds nothing."""
    match key:
        case "state":
            return Q(state=value)
        case "way":
            return Q(way=value)
        case "queue":
            return Q(queue=None) if value == "none" else Q(queue__ref=value)
        case "priority":
            return Q(priority=int(value)) if value in {"1", "2", "3", "4"} else Q(pk=None)
        case "assignee":
            me = {"me": request.member.ref}
            return Q(assignee=None) if value == "none" else Q(assignee__ref=me.get(value, value))
        case _:
            tagged = Tagging.objects.filter(conversation=OuterRef("pk"), tag__name=value)
            return Q(Exists(tagged))


def _held() -> Any:
    return Exists(Held.objects.filter(conversation=OuterRef("pk")))


def ordered(found: QuerySet[Any], sort: str) -> QuerySet[Any]:
    if sort == "new":
        return found.order_by("-changed_at", "-id")
    if sort == "old":
        return found.order_by("opened_at", "id")
    # LEAST with a null is null in SQLite and not in PostgreSQL, so each part has a stand-in.
    far = Coalesce("solve_due_at", "first_answer_due_at", "next_answer_due_at")
    first = Least(Coalesce("next_answer_due_at", far), Coalesce("first_answer_due_at", far), far)
    dated: QuerySet[Any] = found.annotate(next_due=first)
    return dated.order_by(F("next_due").asc(nulls_last=True), "-priority", "-changed_at", "-id")


def page(request: Any, wanted: Asked, *, only: Iterable[UUID] | None = None) -> Any:
    """One page of rows, each dressed with the words that templates show."""
    found = rows(request, wanted, only=only).select_related(
        "queue", "assignee__role", "person__root"
    )
    size = PAGE if only is None else FOUND
    pages = Paginator(found.prefetch_related("taggings__tag"), size)
    here = pages.get_page(request.GET.get("page"))
    for row in here:
        dress(row, request.member.ref)
    return here


def dress(row: Any, me: str) -> Any:
    """The conversation with its signs and labels."""
    row.sign = wording.STATES[row.state]
    row.urgency = wording.PRIORITIES[row.priority]
    row.way_label, row.way_icon = wording.WAYS[row.way]
    row.due = wording.due(row)
    row.who = wording.person_label(row.person.root)
    row.mine = row.assignee is not None and row.assignee.ref == me
    row.holder = "you" if row.mine else wording.member_label(row.assignee)
    row.unanswered = row.state == _STATE.OPEN and (
        row.person_last_at is not None
        and (row.staff_last_at is None or row.staff_last_at < row.person_last_at)
    )
    row.tags = [one.tag.name for one in row.taggings.all()]
    return row


def counts(request: Any) -> dict[str, int]:
    """How many are in each view."""
    active = Q(state__in=ACTIVE)
    found: dict[str, int] = listed().aggregate(
        mine=Count("pk", filter=active & Q(assignee=request.member)),
        free=Count("pk", filter=active & Q(assignee=None)),
        active=Count("pk", filter=active),
    )
    return found


def around(request: Any, *, only: Iterable[UUID] | None = None) -> dict[str, Any]:
    """What stands beside every conversation: the list, its views and filters."""
    wanted = asked(request)
    many = counts(request)
    queues = list(
        Queue.objects.annotate(
            many=Count(
                "conversations",
                filter=Q(
                    conversations__state__in=ACTIVE,
                    conversations__merged_into=None,
                    conversations__last_seq__gt=0,
                ),
            )
        )
    )
    mine = Q(member=request.member) | Q(member=None)
    return {
        "page": page(request, wanted, only=only),
        "asked": wanted,
        "views": [
            Link(word, f"?view={key}", wanted.saved is None and wanted.view == key, many.get(key))
            for key, word in VIEWS.items()
        ],
        "queues": queues,
        "saved_views": SavedView.objects.filter(mine).order_by("name"),
        "tag_names": list(Tag.objects.values_list("name", flat=True)),
        "colleagues": colleagues(request),
        "states": [(key, sign.word) for key, sign in wording.STATES.items()],
        "priorities": [(str(key), sign.word) for key, sign in wording.PRIORITIES.items()],
        "ways": [(key, word) for key, (word, _) in wording.WAYS.items()],
        "sorts": list(SORTS.items()),
        "kept": kept(request),
        "without": without(request, wanted, queues),
    }


class Colleague(NamedTuple):
    """A member who may have a conversation."""

    ref: str
    label: str
    id: UUID


def colleagues(request: Any) -> list[Colleague]:
    """Members who may have a conversation, oneself first. Asked once for a page."""
    if (kept_ones := getattr(request, "_colleagues", None)) is not None:
        return list(kept_ones)
    able = [
        member
        for member in Membership.objects.select_related("role").exclude(undertaking_at=None)
        if "inbox.read" in member.role.abilities
    ]
    able.sort(key=lambda member: (member.ref != request.member.ref, member.role.name, member.ref))
    me = request.member.ref
    request._colleagues = [  # noqa: SLF001 - our own, on a request of this page
        Colleague(one.ref, wording.member_label(one, me), one.pk) for one in able
    ]
    return list(request._colleagues)  # noqa: SLF001


def kept(request: Any) -> str:
    """The query string that brings this list back, with its `?`; empty for the usual list."""
    query = QueryDict(mutable=True)
    for key in (*KEPT, "page"):
        value = request.GET.get(key, "")
        if value := plain(value) if key == "q" else value:
            query[key] = value
    return f"?{query.urlencode()}" if query else ""


def without(request: Any, wanted: Asked, queues: Sequence[Queue]) -> list[Link]:
    """The filters in force as words, each with the address that drops it."""
    people = {one.ref: one.label for one in colleagues(request)}
    names = {"queue": {one.ref: one.name for one in queues} | {"none": "no queue"},
             "state": {key: sign.word for key, sign in wording.STATES.items()},
             "priority": {str(key): sign.word for key, sign in wording.PRIORITIES.items()},
             "way": {key: word.lower() for key, (word, _) in wording.WAYS.items()},
             "assignee": people | {"me": "you", "none": "nobody"}}  # fmt: skip
    found = []
    for key in (*wanted.filters, *(["q"] if wanted.words else [])):
        query = request.GET.copy() if not wanted.saved else QueryDict(mutable=True)
        if wanted.saved:
            query.update(dict(wanted.saved.filters))
        query.pop(key, None)
        query.pop("page", None)
        value = wanted.filters.get(key, "")
        label = f"“{wanted.words}”" if key == "q" else names.get(key, {}).get(value, value)
        what = {"q": "search", "tag": "tag", "assignee": "with"}.get(key, key)
        found.append(Link(f"{what}: {label}", "?" + query.urlencode()))
    return found
