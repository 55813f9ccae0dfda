"""Office hours: what time of work lies between two moments, and when so much will have passed.

Holidays are those of the company's business calendar, as the policy names it; no hours at all means
always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from troth.policy.calendars import calendar

LONGEST: Final = 3 * 366  # days that are looked at, before a target is said to have no end
DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Hours:
    """When somebody works: by weekday (0 Monday), in minutes from midnight, local time."""

    weekly: Mapping[int, Sequence[tuple[int, int]]]
    zone: ZoneInfo
    works: Callable[[date], bool]

    @classmethod
    def of(cls, weekly: Mapping[str, Sequence[Sequence[str]]], *, zone: str, country: str) -> Hours:
        """From what a desk keeps (``{"0": [["09:00", "17:00"]]}``) and the policy's calendar."""
        spans = {
            int(day): tuple(sorted((_minutes(begin), _minutes(end)) for begin, end in found))
            for day, found in weekly.items()
        }
        always = all(spans.get(day) == ((0, 24 * 60),) for day in range(7))
        works = _every_day if always or not country else _not_a_holiday(country)
        return cls(spans if not always else {}, ZoneInfo(zone), works)

    def after(self, start: datetime, minutes: float) -> datetime:
        """When `minutes` of work will have passed since `start`."""
        left = timedelta(minutes=minutes)
        if not self.weekly:
            return start + left
        for begin, end in self._spans(start, start + LONGEST * DAY):
            if end - begin >= left:
                return begin + left
            left -= end - begin
        return start + LONGEST * DAY

    def between(self, start: datetime, end: datetime) -> float:
        """The minutes of work between two moments; 0 where the second is the earlier one."""
        if end <= start:
            return 0
        if not self.weekly:
            return (end - start) / timedelta(minutes=1)
        found = sum((till - since for since, till in self._spans(start, end)), timedelta())
        return found / timedelta(minutes=1)

    def _spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans of work from `start` to `end`, in UTC, in order."""
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while day <= last:
            if self.works(day):
                for begin, finish in self.weekly.get(day.weekday(), ()):
                    since, till = self._at(day, begin), self._at(day, finish)
                    if min(till, end) > max(since, start):
                        yield max(since, start), min(till, end)
            day += DAY

    def _at(self, day: date, minutes: int) -> datetime:
        midnight = datetime.combine(day + DAY * (minutes // 1440), time.min, self.zone)
        return (midnight + timedelta(minutes=minutes % 1440)).astimezone(UTC)


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)


def _every_day(_day: date) -> bool:
    return True


def _not_a_holiday(country: str) -> Callable[[date], bool]:
    holidays = calendar(country)
    return lambda day: day not in holidays
