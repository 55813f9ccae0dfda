"""Load on a live process, from within its installation, whose tickets it can make."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import psutil

from bench.chatting import ORIGIN, Ours, Seen, paced, saturated
from bench.inside.chats import signed_in
from troth.channels.conversations.live import tickets
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope
from troth.core.staff.models import Membership


def measure(manner: str, chats: str, port: str, pid: str, seconds: str) -> dict[str, Any]:
    """`manner` is ``paced`` or ``saturated``; `chats` a file of them; `pid` the live process."""
    there = json.loads(Path(chats).read_text("utf-8"))
    with scope(Organisation.objects.get()):
        members = {str(one.pk): one for one in Membership.objects.all()}
        made = {
            member: tickets.issue(members[member], ORIGIN, signed_in(members[member]))
            for member in {chat["member"] for chat in there}
        }
    return asyncio.run(_measure(manner, there, made, int(port), int(pid), float(seconds)))


async def _measure(
    manner: str,
    chats: list[dict[str, str]],
    made: dict[str, str],
    port: int,
    pid: int,
    seconds: float,
) -> dict[str, Any]:
    live = psutil.Process(pid)
    seen = Seen()
    before = live.memory_info().rss
    ours = Ours(port, chats, seen)
    await ours.connect(made.__getitem__)
    await asyncio.sleep(1)
    memory = (live.memory_info().rss - before) / (len(ours.visitors) + len(ours.desks))
    times = live.cpu_times()
    if manner == "paced":
        await paced(ours, seconds, 10)
    else:
        await saturated(ours, seconds)
    after = live.cpu_times()
    cpu = after.user + after.system - times.user - times.system
    refused = sorted({str(one.get("what")) for one in seen.refused})
    return seen.summary(seconds) | {"memory": memory, "cpu": cpu, "why": refused[:3]}
