"""Searching for words among sealed messages: what one member may open, and everything."""

from __future__ import annotations

import sqlite3
import statistics
import time
from itertools import islice
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import connection, transaction

from bench.inside.people import Share, fill
from troth.channels.accounts.api import register_staff
from troth.channels.conversations import queries
from troth.channels.conversations.models import Conversation, Message
from troth.channels.conversations.queries import searching
from troth.core import clock
from troth.core.actors import Actor
from troth.core.gate.collecting import collect
from troth.core.ids import row_id
from troth.core.inserting import insert
from troth.core.keyring.store import make_person_keys
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.core.people.records import Given
from troth.core.staff.members import make_standard_roles, staff_actor
from troth.core.staff.models import Membership

SYSTEM: Final = Actor.system("cli")
CONTENT: Final = "user.content.private"
EACH: Final = 10  # messages of a conversation, of which staff wrote half
MINE: Final = 500  # conversations of the member who searches
BATCH: Final = 1_000  # conversations
WORDS: Final = 5_000
LONG: Final = 14  # words of a message


def measure(count: str) -> dict[str, Any]:
    """Seconds for a search by who has 500 conversations of all, by who has all, and by FTS5 over
    the same texts in clear.
    """
    organisation, total = Organisation.objects.get(), int(count)
    people = fill(organisation, total // EACH, [Share("support", CONTENT)])
    with scope(organisation):
        roles = make_standard_roles({key: p.use for key, p in current().rules.purposes.items()})
        members = [
            register_staff(
                SYSTEM, name, f"{name}@staff.example", roles["Agent"], undertaken=True,
                password="six geese a-laying eggs",
            )
            for name in ("ann", "ben")
        ]  # fmt: skip
        clear = sqlite3.connect(":memory:")
        clear.execute("CREATE VIRTUAL TABLE said USING fts5(text, content='')")
        began = time.perf_counter()
        _talk(people, members, clear)
        made = time.perf_counter() - began
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
        ann, ben = (
            staff_actor(Membership.objects.select_related("role").get(pk=one.pk)) for one in members
        )
        few = [_timed(ann, word) for word in ("word4711", "word17 word42", "word99")]
        searching.SCANNED = total + 1  # type: ignore[misc]
        everything = _timed(ben, "word4711 word3333")
        plain = statistics.median(_timed_clear(clear) for _ in range(5))
    return {
        "few": statistics.median(few),
        "everything": everything,
        "clear": plain,
        "made": made,
        "messages": total,
    }


def _timed(actor: Actor, words: str) -> float:
    start = time.perf_counter()
    queries.search(words, actor=actor)
    return time.perf_counter() - start


def _timed_clear(clear: sqlite3.Connection) -> float:
    start = time.perf_counter()
    clear.execute("SELECT rowid FROM said WHERE said MATCH 'word4711 word3333'").fetchall()
    return time.perf_counter() - start


def _talk(people: list[UUID], members: list[Membership], clear: sqlite3.Connection) -> None:
    choose, source, number = Random(1), iter(people), 0
    while batch := list(islice(source, BATCH)):
        with (
            transaction.atomic(),
            collect(actor=SYSTEM, touchpoint="chat.message", data=[CONTENT]) as point,
        ):
            make_person_keys(batch, members[0].organisation_id, point.opening)
            chats = [
                _chat(person, number + at, members[0 if number + at < MINE else 1])
                for at, person in enumerate(batch)
            ]
            insert(chats)
            said = [
                (_message(chat, seq), _words(choose))
                for chat in chats
                for seq in range(1, EACH + 1)
            ]
            for message, text in said:
                message.words = text if message.side == "staff" else None
            insert([message for message, _ in said])
            point.hold_many(
                [
                    (message.person_id, (Given("message", CONTENT, text),), message.pk)
                    for message, text in said
                    if message.side == "person"
                ],
                (),
            )
        clear.executemany("INSERT INTO said (text) VALUES (?)", [(text,) for _, text in said])
        number += len(batch)


def _chat(person: UUID, number: int, member: Membership) -> Conversation:
    now = clock.now()
    return Conversation(
        organisation_id=member.organisation_id,
        number=number + 1,
        person_id=person,
        way="chat",
        touchpoint="chat.message",
        clause="2.15",
        version="bench",
        assignee=member,
        last_seq=EACH,
        opened_at=now,
        changed_at=now,
    )


def _message(chat: Conversation, seq: int) -> Message:
    return Message(
        id=row_id(),
        organisation_id=chat.organisation_id,
        conversation_id=chat.pk,
        person_id=chat.person_id,
        seq=seq,
        client_id=uuid4(),
        side="person" if seq % 2 else "staff",
        sent_at=chat.opened_at,
    )


def _words(choose: Random) -> str:
    return " ".join(f"word{choose.randrange(WORDS)}" for _ in range(LONG))
