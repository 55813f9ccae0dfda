"""The ledger: its newest entries, one entry with its proof, its checkpoints and growth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, QuerySet
from django.db.models.functions import Substr

from troth.core.errors import Invalid, Refusal
from troth.core.ledger.api import EntryMissing, Line, receipt
from troth.core.ledger.models import Checkpoint, Entry, Pending
from troth.core.ledger.receipts import ReceiptInvalid
from troth.hub.console.acts import VERIFIED
from troth.kit.charts import Chart, Series, line as draw

PER_PAGE: Final = 30
WAITING: Final = 1_000
FURTHEST: Final = 20_000
"""How many entries one page looks through for a clause, which stands in the bodies alone."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the ledger is wanted; empty means all."""

    act: str = ""
    since: str = ""
    until: str = ""
    clause: str = ""
    before: int | None = None

    def __bool__(self) -> bool:
        return bool(self.act or self.since or self.until or self.clause)

    @classmethod
    def of(cls, query: Any) -> Filter:
        """Out of an address; what cannot be read is left out."""
        before = query.get("before", "")
        return cls(
            query.get("act", "")[:64],
            _day(query.get("since", "")),
            _day(query.get("until", "")),
            query.get("clause", "").strip().removeprefix("§").strip()[:32],
            int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None,  # noqa: PLR2004
        )


@dataclass(frozen=True, slots=True)
class Found:
    """A page of entries; `older` is the position to go on before, None at the end."""

    lines: list[Line]
    older: int | None
    through: int


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether an entry is in the tree that the newest checkpoint signs."""

    holds: bool
    size: int
    steps: int
    problem: Refusal | None = None


def newest(wanted: Filter, *, limit: int = PER_PAGE) -> Found:
    """Entries from the newest to the oldest; those that wait for their place come first."""
    lines = _waiting(wanted, limit) if wanted.before is None else []
    mark = f'"clause":"{wanted.clause}"'.encode() if wanted.clause else b""
    through, last = 0, None
    rows = _entries(wanted).values_list("pk", "position", "body")
    for pk, position, body in rows[:FURTHEST].iterator():
        through, last = through + 1, position
        if mark in bytes(body):
            if len(lines) == limit:
                return Found(lines, lines[-1].position or position + 1, through)
            lines.append(Line(pk, position, json.loads(bytes(body))))
    return Found(lines, last if through == FURTHEST else None, through)


def _waiting(wanted: Filter, limit: int) -> list[Line]:
    rows = Pending.objects.order_by("-id").values_list("pk", "body")[:WAITING]
    lines = (Line(pk, None, json.loads(bytes(body))) for pk, body in rows)
    return list(islice((line for line in lines if _fits(line, wanted)), limit))


def _entries(wanted: Filter) -> QuerySet[Entry]:
    entries = Entry.objects.order_by("-position")
    if wanted.before is not None:
        entries = entries.filter(position__lt=wanted.before)
    if wanted.act:
        entries = entries.filter(act=wanted.act)
    if wanted.since:
        entries = entries.filter(at__gte=wanted.since)
    if wanted.until:
        entries = entries.filter(at__lt=f"{wanted.until}T99")
    return entries


def entry(entry_id: UUID) -> Line:
    """One entry of this organisation. Raises `EntryMissing`, also for another's."""
    for pk, position, body in Entry.objects.filter(pk=entry_id).values_list(
        "pk", "position", "body"
    ):
        return Line(pk, position, json.loads(bytes(body)))
    for pk, body in Pending.objects.filter(pk=entry_id).values_list("pk", "body"):
        return Line(pk, None, json.loads(bytes(body)))
    raise EntryMissing(
        "There is no such entry.",
        why="It is not on the ledger of this organisation.",
        do="Check the address, or find the entry in the list.",
    )


def proof(found: Line) -> Proof:
    """Make the entry's receipt and check it as its bearer would."""
    try:
        made = receipt(found.id)
    except (ReceiptInvalid, Invalid) as problem:
        return Proof(False, 0, 0, problem)
    size = int(str(made["checkpoint"]).split("\n")[1])
    return Proof(True, size, len(made["inclusion"]))


def checkpoint() -> Checkpoint | None:
    """The newest signed tree head; None before the first entry."""
    return Checkpoint.objects.order_by("-size").first()


def last_verification() -> Line | None:
    """When the ledger was last verified from the console, and what came of it."""
    found = newest(Filter(act=VERIFIED), limit=1).lines
    return found[0] if found else None


def growth() -> Chart | None:
    """How many entries there were at the end of each day."""
    days = (
        Checkpoint.objects.annotate(day=Substr("at", 1, 10))
        .values_list("day")
        .annotate(size=Max("size"))
        .order_by("day")
    )
    points = [(date.fromisoformat(day), float(size)) for day, size in days][-60:]
    if len(points) < 2:  # noqa: PLR2004 - one point is no growth
        return None
    return draw("Growth of the ledger", [Series("Entries", points)], unit="Entries", area=True)


def moment(line: Line) -> datetime:
    return datetime.fromisoformat(line.at)


def _fits(line: Line, wanted: Filter) -> bool:
    return (
        wanted.act in ("", line.act)
        and (not wanted.since or line.at >= wanted.since)
        and (not wanted.until or line.at < f"{wanted.until}T99")
        and wanted.clause in ("", line.body["clause"])
    )


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""
