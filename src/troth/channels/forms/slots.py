"""Times that can be booked: the hours of business days ahead that nobody has taken."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from troth.channels.forms.models import Appointment
from troth.core import clock
from troth.core.errors import Invalid
from troth.core.organisations.models import Organisation
from troth.policy import Rules
from troth.policy.calendars import calendar

HOURS: Final = (9, 10, 11, 13, 14, 15, 16)
LENGTH: Final = timedelta(hours=1)
DAYS: Final = 5
SATURDAY: Final = 5


class SlotInvalid(Invalid):
    """The time is taken, past, or never was one that can be booked."""


def free(organisation: Organisation, rules: Rules) -> list[tuple[str, list[datetime]]]:
    """Free times by day, for the next business days of the company's calendar, in its time."""
    zone = ZoneInfo(organisation.time_zone)
    country = rules.policy.company.calendar
    works = calendar(country).is_working_day if country else lambda day: day.weekday() < SATURDAY
    day, found = clock.now().astimezone(zone).date(), list[tuple[str, list[datetime]]]()
    taken = set(
        Appointment.objects.filter(starts_at__gte=clock.now()).values_list("starts_at", flat=True)
    )
    while len(found) < DAYS:
        day += timedelta(days=1)
        if not works(day):
            continue
        starts = [datetime.combine(day, time(hour), zone) for hour in HOURS]
        left = [start for start in starts if start.astimezone(UTC) not in taken]
        if left:
            found.append((f"{day:%A, %-d %B}", left))
    return found


def parse(text: str, organisation: Organisation, rules: Rules) -> datetime:
    """A time as the form sent it, if it can be booked. Raises `SlotInvalid`."""
    for _, starts in free(organisation, rules):
        for start in starts:
            if start.isoformat() == text:
                return start
    raise SlotInvalid(
        "This time is no longer free.",
        why="Somebody else booked it, or the page was open for long.",
        do="Pick another time; what you wrote is still there.",
    )
