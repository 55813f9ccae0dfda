"""Looking at cases: which there are, which press, what happened in one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import QuerySet

from troth.core import clock
from troth.core.actors import Actor
from troth.core.cases.models import Case, Concern
from troth.core.gate.deposits import casefile
from troth.core.people.models import Person

SOON: Final = timedelta(days=7)
IDLE: Final = timedelta(days=30)
"""How long a case may lie before it is said to lie."""
PRESSING: Final = ("over", "soon", "idle")


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a case's history."""

    what: str
    by: str
    at: datetime
    count: int | None
    words: str


def cases() -> QuerySet[Case]:
    return Case.objects.all()


def still_open() -> QuerySet[Case]:
    return Case.objects.exclude(state__in=Case.ENDED)


def over() -> QuerySet[Case]:
    """Cases whose day has passed and that nobody closed."""
    return still_open().filter(ends_at__lte=clock.now())


def clock_of(case: Case) -> str:
    """How a case stands with its days: ``over``, ``soon``, ``idle`` or nothing."""
    now = clock.now()
    if case.ended:
        return ""
    if case.ends_at is not None:
        return "over" if case.ends_at <= now else "soon" if case.ends_at <= now + SOON else ""
    return "idle" if case.opened_at <= now - IDLE else ""


def history(case: Case, *, actor: Actor) -> list[Happened]:
    """What happened, the newest first, with what was written."""
    with casefile(row=case.pk, actor=actor, clause=case.clause):
        return [
            Happened(one.what, one.by, one.at, one.count, str(one.words) if one.words else "")
            for one in case.events.order_by("-at", "-id")
        ]


def about_person(person: Person) -> QuerySet[Concern]:
    """The cases a human is named in, the newest first."""
    mine = Concern.objects.filter(person__root_id=person.root_id).select_related("case")
    return mine.order_by("-case__opened_at")


def overdue() -> Iterator[tuple[Case, str]]:
    """Cases that press, for the assessment: the case, and why."""
    for case in still_open().order_by("opened_at"):
        if (why := clock_of(case)) in ("over", "idle"):
            yield case, why
