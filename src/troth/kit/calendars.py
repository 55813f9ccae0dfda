"""Business days of a country or a part of one. A calendar key is `CA`, `CA-BC`, `DE-BY` …"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import holidays

from troth.core.errors import Invalid

_WEEKEND = 5  # Saturday by date.weekday()


class CalendarInvalid(Invalid):
    """No such country or part of a country is known to the `holidays` package."""


class Calendar:
    """Working days: Monday to Friday but public holidays.

    Countries with another weekend are counted with the weekend that `holidays` knows for them.
    """

    def __init__(self, key: str) -> None:
        country, _, part = key.partition("-")
        try:
            self._holidays = holidays.country_holidays(country, subdiv=part or None)
        except NotImplementedError as error:
            raise CalendarInvalid(
                f"No calendar is known for {key!r}.",
                do="Use a country code such as CA, or with a part of it, such as CA-BC.",
            ) from error
        self.key = key

    def is_business_day(self, when: date) -> bool:
        weekend = getattr(self._holidays, "weekend", {_WEEKEND, _WEEKEND + 1})
        return when.weekday() not in weekend and when not in self._holidays

    def after(self, start: date, days: int) -> date:
        """The day that is `days` business days after `start`; `start` itself does not count."""
        when = start
        while days > 0:
            when += timedelta(days=1)
            days -= self.is_business_day(when)
        return when

    def between(self, start: date, end: date) -> int:
        """Business days after `start` up to and with `end`; 0 if `end` is not later."""
        span = (end - start).days
        return sum(self.is_business_day(start + timedelta(days=n)) for n in range(1, span + 1))

    def used(self, start: date, today: date, days: int) -> tuple[int, int]:
        """(used, allowed) for `kit.words.used`; used never exceeds allowed."""
        return min(self.between(start, today), days), days


@cache
def calendar(key: str) -> Calendar:
    """The calendar of `key`, kept for the life of the process. CalendarInvalid if unknown."""
    return Calendar(key)
