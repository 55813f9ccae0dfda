"""Searching: by number, tag, state, person; and by words among what the member may open.

Nothing about words is stored: no index that tells equal messages apart, and nothing that outlives
an erasure. A search opens what the member may open anyway and looks (docs/adr/0019).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final
from unicodedata import combining, normalize
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from troth.channels.conversations.models import Conversation, Message
from troth.channels.conversations.queries.inbox import Row, listed, rows
from troth.channels.conversations.queries.permitted import content_of, purpose_of, support
from troth.core.actors import Actor
from troth.core.among import Ids
from troth.core.errors import Invalid
from troth.core.gate import uses
from troth.core.notices.versions import current
from troth.core.people import records
from troth.core.people.models import Element
from troth.core.sealing import streams
from troth.core.staff import grants
from troth.core.staff.models import Membership

MOST: Final = 50
TOGETHER: Final = 2_000  # conversations read by one query
SCANNED: Final = 200_000  # messages one search opens, the newest conversations first
EMAIL: Final = "user.contact.email"
PHONE: Final = "user.contact.phone_number"
_NUMBER: Final = re.compile(r"#?(\d{1,9})")
_PHONE: Final = re.compile(r"\+?[\d\s()/.-]{7,20}")
_KEYED: Final = re.compile(r"(tag|state):(.+)")


class Found(list[Row]):
    """What was found. `left` is how many conversations were too many to be looked through."""

    left: int = 0


def search(query: str, *, actor: Actor, purpose: str = "") -> Found:
    """Conversations for what was typed: ``#1234`` or a number, ``tag:refund``, ``state:open``, an
    address or a telephone number (looked up at the gate, on the ledger), or words, which are
    looked for among the conversations whose bodies the member may open. At most 50.
    """
    actor.needs("inbox.read")
    text = query.strip()
    if not text:
        return Found()
    if keyed := _KEYED.fullmatch(text):
        key, value = keyed[1], keyed[2].strip().lower()
        wanted = {"tag": {"taggings__tag__name": value}, "state": {"state": value}}[key]
        return Found(rows(listed().filter(**wanted)[:MOST], actor=actor))
    if number := _NUMBER.fullmatch(text):
        found = Conversation.objects.select_related("queue", "assignee").filter(number=number[1])
        if found or text.startswith("#"):
            return Found(rows(found, actor=actor))
    if "@" in text or _PHONE.fullmatch(text):
        return search_people(text, actor=actor, purpose=purpose)
    return _by_words(text, actor, purpose)


def search_people(query: str, *, actor: Actor, purpose: str = "") -> Found:
    """Conversations of the person with exactly this address or number."""
    actor.needs("people.search")
    category = EMAIL if "@" in query else PHONE
    with uses.search(actor=actor, purpose=purpose or support(), category=category):
        people = records.search(category, query.strip())
    mine = listed().filter(person__root__in=people)
    return Found(rows(mine[:MOST], actor=actor))


def _by_words(text: str, actor: Actor, purpose: str) -> Found:
    wanted = [word for word in _plain(text).split() if len(word) > 1]
    if not wanted:
        raise Invalid("Look for words of two letters or more.")
    places = _may_open(actor)
    hits, left = _matching(places, wanted, actor, purpose)
    found = Found(rows(listed().filter(pk__in=hits)[:MOST], actor=actor))
    found.left = left
    return found


def _may_open(actor: Actor) -> list[Conversation]:
    """The member's own, and what a grant opens to them; newest first."""
    me = Membership.objects.get(ref=actor.ref)
    records_of = grants.every().filter(member=me).values_list("record", flat=True)
    granted = grants.in_force(list(records_of)).filter(member=me).values_list("record", flat=True)
    mine = Conversation.objects.filter(assignee=me) | Conversation.objects.filter(pk__in=granted)
    return list(mine.order_by("-changed_at").only("id", "person_id", "touchpoint", "last_seq"))


def _matching(
    places: list[Conversation], wanted: list[str], actor: Actor, purpose: str
) -> tuple[list[UUID], int]:
    """The conversations that have all the words, and how many were not looked through."""
    counted, left, rules = 0, 0, current().rules
    groups: dict[tuple[str, str], list[Conversation]] = defaultdict(list)
    for one in places:
        counted += one.last_seq
        if counted > SCANNED:
            left += 1
        else:
            groups[purpose or purpose_of(one, rules), content_of(one, rules)].append(one)
    hits: list[UUID] = []
    for (key, category), some in groups.items():
        lacking: dict[str, list[str]] = {}
        for place, text in _texts(some, actor, key, category):
            lacks = lacking.setdefault(place, wanted)
            if lacks:
                plain = _plain(text)
                lacking[place] = [word for word in lacks if word not in plain]
        hits += [UUID(place) for place, lacks in lacking.items() if not lacks]
    return hits, left


def _texts(
    places: list[Conversation], actor: Actor, purpose: str, category: str
) -> Iterator[tuple[str, str]]:
    """The conversation (as the database writes its id) and the words of each message, of people
    whose words may be opened.
    """
    people = {one.person_id for one in places}
    use = uses.use_audience(actor=actor, purpose=purpose, data=[category], among=people)
    with use as opening:
        ids = [one.pk for one in places if one.person_id in opening.whom]
        for start in range(0, len(ids), TOGETHER):
            some = Ids(ids[start : start + TOGETHER])
            messages = Message.objects.filter(conversation__id__among=some)
            words = messages.filter(words__isnull=False)
            yield from streams.values(words, "words", opening, key="conversation_id")
            where = dict(
                messages.order_by()
                .annotate(row=Cast("pk", TextField()), place=Cast("conversation_id", TextField()))
                .values_list("row", "place")
            )
            held = Element.objects.filter(record__among=_Texts(where), category=category)
            held = held.exclude(name="formatted")  # the text of it is there as well
            for record, text in streams.values(held, "value", opening, key="record"):
                yield where[record], text


class _Texts(Ids):
    """Ids that come as the database writes them."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.hexes = sorted(one.replace("-", "") for one in ids)


def _plain(text: str) -> str:
    """Without case and accents, so that what is looked for is found as people write it."""
    if text.isascii():
        return text.lower()
    return "".join(one for one in normalize("NFKD", text.casefold()) if not combining(one))
