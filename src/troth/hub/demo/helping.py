"""The demo's sessions of remote help, by real actions, where the company's policy has any."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from troth.channels.conversations.models import Conversation
from troth.channels.remote.clauses import find
from troth.channels.remote.ending import end, write_note
from troth.channels.remote.granting import grant, point
from troth.channels.remote.joining import join
from troth.channels.remote.models import Session
from troth.channels.remote.offering import lengths, offer
from troth.hub.demo.history import History

NOTES: Final = (
    ("customer", 11, "Two programs started by themselves; she switched one of them off."),
    ("agent", 24, "The printer had another one's address. He chose the right one from the list."),
    ("time", 30, "Looked at the disk, which is nearly full. Sent a list of what could go."),
)
AGO: Final = (timedelta(days=33), timedelta(days=12), timedelta(days=3))


def plan(history: History) -> None:
    """Put sessions among the events, each in its time."""
    if find() is None:
        return
    for ago, (by, minutes, note) in zip(AGO, NOTES, strict=True):
        held: list[Session] = []
        begins = history.now - ago
        history.add(begins, _begin(history, held, ago))
        history.add(begins + timedelta(minutes=minutes), _end(history, held, by, note))


def _begin(history: History, held: list[Session], ago: timedelta) -> Callable[[], None]:
    def run() -> None:
        here, agent = find(), history.staff["agent"]
        mine = Conversation.objects.filter(assignee__ref=agent.ref).order_by("-opened_at")
        about = mine.exclude(person__remote_sessions__isnull=False).first()
        if here is None or about is None:
            return
        made, code = offer(
            actor=agent,
            ground=next(iter(here.grounds)),
            seconds=lengths()[min(1, len(lengths()) - 1)],
            conversation=about.ref,
        )
        joined, _ = join(code)
        grant(joined, accepted=True)
        if ago == AGO[1]:
            point(joined, on=True)
        held.append(made)

    return run


def _end(history: History, held: list[Session], by: str, note: str) -> Callable[[], None]:
    def run() -> None:
        for session in held:
            end(session, by=by)
            write_note(session, actor=history.staff["agent"], text=note)

    return run
