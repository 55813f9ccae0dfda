"""Chats that go on while processes are killed, and what is left in the database afterwards."""

from __future__ import annotations

import asyncio
import json
import random
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from bench.chatting import ORIGIN
from bench.inside.chats import signed_in
from bench.keepers import Keeper
from troth.channels.conversations.live import tickets
from troth.channels.conversations.models import Conversation, Message
from troth.core.notices.versions import current
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.core.staff.models import Membership

EVERY: Final = 1.0  # seconds between two messages of one side, on average
DRAIN: Final = 90.0  # seconds for everything to arrive once the killing is over
OPENERS: Final = 2


def measure(chats: str, live: str, web: str, seconds: str) -> dict[str, Any]:
    """Talk for so long, wait until all is settled, and count."""
    there = json.loads(Path(chats).read_text("utf-8"))
    organisation = Organisation.objects.get()
    with scope(organisation):
        members = {str(one.pk): one for one in Membership.objects.all()}
        version = current().version
        opened: list[tuple[str, str]] = []
        keepers = [_pair(chat, members, int(live)) for chat in there]
        asyncio.run(_talk(keepers, int(web), float(seconds), version, opened))
        return _count(there, keepers, opened)


async def _talk(
    pairs: list[tuple[Keeper, Keeper]],
    web: int,
    seconds: float,
    version: str,
    opened: list[tuple[str, str]],
) -> None:
    loop = asyncio.get_running_loop()
    end, over = loop.time() + seconds, False
    everybody = [keeper for pair in pairs for keeper in pair]
    tasks = [asyncio.create_task(keeper.keep(lambda: over)) for keeper in everybody]
    openers = [asyncio.create_task(_open(web, end, version, opened)) for _ in range(OPENERS)]
    number = 0
    while loop.time() < end:
        await asyncio.sleep(random.expovariate(len(everybody) / EVERY))
        number += 1
        random.choice(everybody).say(f"Number {number}")
    await asyncio.gather(*openers)
    drained = loop.time() + DRAIN
    while loop.time() < drained and not all(_even(*pair) for pair in pairs):  # noqa: ASYNC110 - no hurry
        await asyncio.sleep(0.2)
    over = True
    await asyncio.gather(*tasks)


def _even(one: Keeper, other: Keeper) -> bool:
    return one.settled and other.settled and one.last == other.last


def _pair(chat: dict[str, str], members: dict[str, Membership], port: int) -> tuple[Keeper, Keeper]:
    mark = signed_in(members[chat["member"]])

    def as_visitor(after: int) -> list[dict[str, Any]]:
        return [{"t": "hello", "ref": chat["ref"], "secret": chat["secret"], "after": after}]

    def as_member(after: int) -> list[dict[str, Any]]:
        ticket = tickets.issue(members[chat["member"]], ORIGIN, mark)
        return [
            {"t": "hello", "ticket": ticket},
            {"t": "join", "conversation": chat["id"], "after": after},
        ]

    return (
        Keeper("visitor", port, "/live/chat", as_visitor),
        Keeper("staff", port, "/live/desk", as_member, {"conversation": chat["id"]}),
    )


async def _open(web: int, end: float, version: str, opened: list[tuple[str, str]]) -> None:
    """Open chats over the web, each until it is answered."""
    loop = asyncio.get_running_loop()
    while loop.time() < end:
        secret, made = uuid4().hex + uuid4().hex, str(uuid4())
        body = {"version": version, "text": "Hello?", "id": made, "secret": secret}
        for _ in range(200):
            ref = await loop.run_in_executor(None, _post, web, body)
            if ref:
                opened.append((ref, made))
                break
            await asyncio.sleep(0.2)
        await asyncio.sleep(2 * random.random())


def _post(port: int, body: dict[str, str]) -> str:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/chat/open",
        data=json.dumps(body).encode(),
        # Each from an address of its own, as behind a proxy: one alone may open ten a minute.
        headers={
            "Content-Type": "application/json",
            "X-Forwarded-For": f"10.{random.randrange(256)}.{random.randrange(256)}.9",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return str(json.load(answer)["ref"])
    except (OSError, ValueError):
        return ""


def _count(
    chats: list[dict[str, str]],
    pairs: list[tuple[Keeper, Keeper]],
    opened: list[tuple[str, str]],
) -> dict[str, Any]:
    lost, doubled, wrong = 0, 0, []
    acknowledged = stored = reconnected = waiting = 0
    for chat, pair in zip(chats, pairs, strict=True):
        rows = Message.objects.filter(conversation=UUID(chat["id"])).order_by("seq")
        there = {row.seq: str(row.client_id) for row in rows.only("seq", "client_id")}
        seqs = {made: seq for seq, made in there.items()}
        stored += len(there) - 1  # the first came before
        doubled += sum(count - 1 for count in Counter(there.values()).values())
        if list(there) != list(range(1, len(there) + 1)):
            wrong.append("the numbers of a conversation have a gap")
        for keeper in pair:
            acknowledged += len(keeper.acknowledged)
            reconnected += keeper.connections - 1
            waiting += len(keeper.pending)
            lost += sum(seqs.get(made) != seq for made, seq in keeper.acknowledged.items())
            places = [seqs.get(made, 0) for made in keeper.acknowledged]
            if places != sorted(places):
                wrong.append(f"{keeper.name}: order was not kept")
            if keeper.seen != {seq: made for seq, made in there.items() if seq > 1}:
                wrong.append(f"{keeper.name}: saw something else than is stored")
            wrong += keeper.wrong
    refs = [ref for ref, _ in opened]
    found = dict(Conversation.objects.filter(ref__in=refs).values_list("ref", "last_seq"))
    lost += sum(found.get(ref) != 1 for ref in refs)
    doubled += len(refs) - len(set(refs))
    total = Conversation.objects.count()
    if total != len(chats) + len(refs):
        wrong.append(f"{total} chats instead of {len(chats) + len(refs)}")
    return {
        "acknowledged": acknowledged,
        "stored": stored,
        "opened": len(refs),
        "reconnected": reconnected,
        "waiting": waiting,
        "lost": lost,
        "doubled": doubled,
        "wrong": wrong[:10],
        "wrongs": len(wrong),
    }
