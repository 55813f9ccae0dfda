"""When a request has to be answered: days counted as the promise counts them.

All of it is arithmetic on dates: no database, and no clock but the moments that are passed in.
How days are counted:

- The day of receipt does not count (Regulation 1182/71, article 3(1)), and the answer is in time
  until the end of the last day where the company is; a span in hours runs to the minute.
- Calendar days are not rolled on to the next working day, though that regulation would let them:
  who promised 30 days promised no more, and an answer on the Friday before keeps both readings.
- Business days are those of the company's own country or province, holidays left out.
- Where several clauses promise the same thing, the one that is due first counts. Whoever keeps the
  strictest of their promises has kept them all, and nobody has to prove where they live for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

from troth.core.errors import Denied
from troth.policy import Policy
from troth.policy.calendars import calendar
from troth.policy.periods import Period
from troth.policy.taxonomy import overlap

FALLBACK: Final = Period(1, "months")
"""Where the policy gives a right and no time: one month (GDPR, article 12(3))."""

FURTHER: Final = Period(2, "months")
"""How long an extension may be (the same article), unless the policy has one of its own."""

EXTENSION: Final = "extension"
"""The `[[deadline]]` by which a policy sets how long an extension of its own may be."""

INQUIRY: Final = "inquiry"
"""The `[[deadline]]` that clocks a question where no `[[right]]` of that kind does."""

EEA: Final = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
    .split()
)  # fmt: skip
LAST_MOMENT: Final = time(23, 59, 59)


class ExtensionDenied(Denied):
    """A clock is moved on once at most, and before it has run out."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One clause that gives the right, and the time it sets; None where it sets none."""

    clause: str
    within: Period | None
    who: str = "everyone"


@dataclass(frozen=True, slots=True)
class Counting:
    """Where and how a company counts: its time zone, and its business calendar if it has one."""

    zone: ZoneInfo
    calendar: str = ""

    @classmethod
    def of(cls, zone: str, calendar: str = "") -> Self:
        return cls(ZoneInfo(zone), calendar)

    def day(self, moment: datetime) -> date:
        """The day it is there at that moment."""
        return moment.astimezone(self.zone).date()

    def end(self, day: date) -> datetime:
        """The last second of that day there."""
        return self.at(day, LAST_MOMENT)

    def at(self, day: date, hour: time) -> datetime:
        """A moment of that day there, in UTC: Python counts between two local times by the wall's
        clock, which is an hour off when summer time begins or ends.
        """
        return datetime.combine(day, hour, self.zone).astimezone(UTC)

    def working(self, after: date, until: date) -> int:
        """Working days after the one day, up to and with the other."""
        if until <= after:
            return 0
        first = after + timedelta(days=1)
        return int(calendar(self.calendar).get_working_days_count(first, until))


def promises(
    policy: Policy, kind: str, *, country: str = "", data: Collection[str] = ()
) -> list[Promise]:
    """The clauses that give somebody this right. `country` is their ISO 3166 code; who did not
    say where they live may live anywhere, so all of them hold. `data` narrows it in the same way.
    """
    found = [
        Promise(right.clause, right.within, right.who)
        for right in policy.rights
        if right.kind == kind and _reaches(right.who, country) and _meets(right.data, data)
    ]
    if not found and kind == "question":
        found = [Promise(d.clause, d.within) for d in policy.deadlines if d.of == INQUIRY]
    return found


def governing(
    found: Iterable[Promise], received: datetime, counting: Counting
) -> tuple[Promise | None, datetime]:
    """The promise that is due first, and when. None where there is no clause: the time the law
    would set is counted then. Of two that are due together the first of the policy counts.
    """
    dated = [(due(one.within or FALLBACK, received, counting), one) for one in found]
    if not dated:
        return None, due(FALLBACK, received, counting)
    at, one = min(dated, key=lambda pair: (pair[0], pair[1].within is None))
    return one, at


def due(within: Period, received: datetime, counting: Counting) -> datetime:
    """The last moment at which the answer is in time. Raises `CalendarMissing` for business days
    without a calendar.
    """
    if within.unit == "hours":
        return received.astimezone(UTC) + timedelta(hours=within.count)
    start = datetime.combine(counting.day(received), time())
    return counting.end(within.due(start, counting.calendar).date())


def resumed(
    at: datetime, *, within: Period, paused: datetime, now: datetime, counting: Counting
) -> datetime:
    """When it is due after a pause: as many days later as were left when it began.

    The day on which it stops counts, the day on which it goes on does not, as with receipt. A clock
    that had run out stays where it was: waiting for the person excuses no lateness before it.
    """
    if at <= paused or now <= paused:
        return at
    if within.unit == "hours":
        return at + (now - paused)
    stopped, today, last = counting.day(paused), counting.day(now), counting.day(at)
    if today == stopped:
        return at
    if within.business:
        rest = counting.working(stopped, last)
        moved: date = calendar(counting.calendar).get_nth_working_day(today, rest)
    else:
        moved = today + (last - stopped)
    return max(at, counting.end(moved))


def extended(
    at: datetime, *, policy: Policy, now: datetime, counting: Counting, already: bool
) -> datetime:
    """When it is due after an extension, counted on from the day it was due before.

    Raises `ExtensionDenied` the second time, and when the time is over: people are told of it
    within the first time (GDPR, article 12(3)).
    """
    if already:
        raise ExtensionDenied(
            "The time was extended before.",
            why="It can be extended once.",
            do="Answer the request, or refuse it with a reason.",
        )
    if now > at:
        raise ExtensionDenied(
            "The time is over, so it cannot be extended any more.",
            why="The person has to hear of an extension before the first time ends.",
            do="Answer the request now.",
        )
    further = next((d.within for d in policy.deadlines if d.of == EXTENSION), FURTHER)
    return due(further, at, counting)


def reminders(received: datetime, at: datetime, counting: Counting) -> tuple[datetime, ...]:
    """When the staff is reminded: at half of the time, a week and three days and a day before the
    last day, and on it; only what lies between receipt and the end.
    """
    half = received + (at - received) / 2
    last = counting.day(at)
    mornings = [counting.at(last - timedelta(days=before), time(8)) for before in (7, 3, 1, 0)]
    return tuple(sorted({one for one in (half, *mornings) if received < one <= at}))


def stage(received: datetime, at: datetime, now: datetime, counting: Counting) -> str:
    """How pressing it is: ``early``, ``half``, ``soon`` (three days), ``today`` or ``late``."""
    if now > at:
        return "late"
    days = (counting.day(at) - counting.day(now)).days
    if days <= 0:
        return "today"
    if days <= 3:  # noqa: PLR2004 - said above
        return "soon"
    return "half" if now >= received + (at - received) / 2 else "early"


def share_used(received: datetime, at: datetime, now: datetime) -> float:
    """How much of the time is gone, from 0 to 1; for the bar beside the words."""
    whole = (at - received).total_seconds()
    gone = (now - received).total_seconds()
    return min(1.0, max(0.0, gone / whole)) if whole > 0 else 1.0


def _reaches(who: str, country: str) -> bool:
    if who == "everyone" or not country:
        return True
    return country in EEA if who == "EEA" else who == country


def _meets(covered: Sequence[str], data: Collection[str]) -> bool:
    """Whether a right over some data is about what is asked; empty stands for all."""
    return not covered or not data or any(overlap(one, key) for one in data for key in covered)
