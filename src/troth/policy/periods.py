"""Spans of time as a policy writes them: `30 days`, `10 business days`,
`2 years after last contact`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self

from troth.policy.calendars import CalendarMissing, calendar

UNITS = ("hours", "days", "business days", "weeks", "months", "years")
EVENTS = ("collection", "last contact", "contract end", "purpose end", "delivery")
LONGEST = {
    "hours": 24 * 366,
    "days": 36_600,
    "business days": 2_600,
    "weeks": 5_200,
    "months": 1_200,
    "years": 100,
}

PATTERN = (
    r"^(0|[1-9][0-9]{0,5}) (hours?|days?|business days?|weeks?|months?|years?)"
    rf"( after ({'|'.join(EVENTS)}))?$"
)
_PERIOD = re.compile(PATTERN)
_DAYS = {"days": 1, "weeks": 7, "months": 30, "years": 365}


class PeriodInvalid(ValueError):
    """A text that is not a period; the message says what one looks like."""


@dataclass(frozen=True, slots=True)
class Period:
    """A count of a unit, and the event it runs from, "" where the clause itself says so."""

    count: int
    unit: str
    after: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `30 days` or `2 years after last contact`; raises PeriodInvalid."""
        match = _PERIOD.fullmatch(text)
        if not match:
            raise PeriodInvalid(
                f"A period is a number and one of {', '.join(UNITS)}, such as `30 days` "
                f"or `2 years after last contact`"
            )
        unit = match[2].removesuffix("s") + "s"
        if int(match[1]) > LONGEST[unit]:
            raise PeriodInvalid(f"At most {LONGEST[unit]} {unit} (about a century) can be counted")
        return cls(int(match[1]), unit, match[4] or "")

    @property
    def business(self) -> bool:
        """Whether it needs a business calendar."""
        return self.unit == "business days"

    @property
    def length(self) -> timedelta:
        """A plain length to compare periods by: a month is 30 days, a year 365, and five
        business days are a week. Use `due` for a date."""
        if self.unit == "hours":
            return timedelta(hours=self.count)
        if self.business:
            return timedelta(days=self.count * 7 / 5)
        return timedelta(days=self.count * _DAYS[self.unit])

    def due(self, start: datetime, name: str = "") -> datetime:
        """When the period that begins at `start` is over, at the same time of day.

        The day of the start does not count (Regulation 1182/71, article 3). Business days are
        those of the calendar called `name`; raises CalendarMissing if it is empty or unknown.
        """
        if self.unit == "hours":
            return start + timedelta(hours=self.count)
        if self.business:
            if not name:
                raise CalendarMissing("Business days need a calendar: give `company.calendar`")
            day: date = calendar(name).get_nth_working_day(start.date(), self.count)
            return start.replace(year=day.year, month=day.month, day=day.day)
        if self.unit in ("months", "years"):
            return _months_later(start, self.count * (12 if self.unit == "years" else 1))
        return start + timedelta(days=self.count * _DAYS[self.unit])

    def __str__(self) -> str:
        unit = self.unit.removesuffix("s") if self.count == 1 else self.unit
        return f"{self.count} {unit}" + (f" after {self.after}" if self.after else "")


def _months_later(start: datetime, months: int) -> datetime:
    """The same day some months later, or that month's last day if it is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for day in range(start.day, 27, -1):
        try:
            return start.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return start.replace(year=year, month=month + 1)


def today() -> date:
    """The day it is, in UTC."""
    return datetime.now(UTC).date()
