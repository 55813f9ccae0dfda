"""Writing down what became of copies: a batch in one transaction."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from troth.channels.campaigns.models import Copy
from troth.channels.campaigns.sending import journal
from troth.channels.campaigns.sending.journal import Said
from troth.core import clock
from troth.core.organisations.scope import everywhere

WAITS: Final = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 480, 960))
"""How long a deferred copy rests before each further try; then it is given up."""
_ENHANCED: Final = re.compile(r"([245]\.\d{1,3}\.\d{1,3})\s*(.*)", re.DOTALL)


@dataclass
class Settled:
    """What a process knows of the copies it has in hand, until the database does."""

    said: dict[int, Said] = field(default_factory=dict)
    dropped: dict[int, str] = field(default_factory=dict)
    """Copies that may not leave (any more), with the reason."""
    back: dict[int, datetime | None] = field(default_factory=dict)
    """Copies that go back untried, with the time to wait for."""
    uncertain: set[int] = field(default_factory=set)


def settle(worker: UUID, found: Settled) -> None:
    """Write it down. A copy that is no longer in this process's hands is left as it is."""
    now = clock.now()
    mine = Copy.objects.filter(worker=worker, state=Copy.State.CLAIMED)
    taken = [copy for copy, said in found.said.items() if said.kind == "A"]
    with transaction.atomic():
        _among(mine, taken).update(
            state=Copy.State.ACCEPTED, worker=None, settled_at=now, code="250", words=""
        )
        for copy, said in found.said.items():
            if said.kind != "A":
                _refused(mine, copy, said, now)
        for reason in set(found.dropped.values()):
            those = [copy for copy, why in found.dropped.items() if why == reason]
            _among(mine, those).update(
                state=Copy.State.DROPPED, worker=None, settled_at=now, reason=reason
            )
        if found.uncertain:
            _among(mine, list(found.uncertain)).update(uncertain=True)
        for due in set(found.back.values()):
            those = [copy for copy, when in found.back.items() if when == due]
            _among(mine, those).update(
                state=Copy.State.QUEUED, worker=None, due_at=due or F("due_at")
            )


def _among(copies: QuerySet[Copy], numbers: list[int]) -> QuerySet[Copy]:
    return copies.filter(pk__in=numbers)


def _refused(mine: QuerySet[Copy], copy: int, said: Said, now: datetime) -> None:
    row = Copy.objects.filter(pk=copy).values_list("tries", flat=True).first() or 0
    match = _ENHANCED.match(said.words)
    code = f"{said.code} {match[1]}" if match else str(said.code or "")
    words = (match[2] if match else said.words)[:200]
    later = said.kind == "D" and row < len(WAITS)
    mine.filter(pk=copy).update(
        state=Copy.State.DEFERRED if later else Copy.State.FAILED,
        worker=None,
        tries=row + 1,
        code=code[:14],
        words=words,
        reason="" if later else ("gave-up" if said.kind == "D" else "refused"),
        due_at=now + WAITS[row] if later else now,
        settled_at=None if later else now,
    )


def recover() -> int:
    """Take over what dead processes had in hand. Returns how many copies are sent once more
    because nobody can tell whether the server took them: one a process at most.
    """
    uncertain = 0
    for path, found in journal.abandoned():
        uncertain += let_go(found)
        path.unlink(missing_ok=True)
    return uncertain


def let_go(found: journal.Found) -> int:
    """Take everything out of a process's hands: what its journal knows is written down, the rest
    goes back. Returns how many copies are sent once more.
    """
    with everywhere("what a sending process had in hand"):
        hands = Copy.objects.filter(worker=found.worker, state=Copy.State.CLAIMED)
        numbers = set(hands.values_list("pk", flat=True))
        open_ = found.uncertain & numbers
        said = {copy: one for copy, one in found.said.items() if copy in numbers}
        back = dict.fromkeys(numbers - said.keys())
        settle(found.worker, Settled(said, {}, back, open_))
    return len(open_)
