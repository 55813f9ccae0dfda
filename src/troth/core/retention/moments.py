"""From a period to a moment: what began at or before it is over now."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from troth.policy.periods import Period

_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=512)
def latest_start(period: Period, now: datetime, calendar: str) -> datetime:
    """The latest moment at which the period can have begun and be over at `now`, to the second.

    Months have different lengths and business days depend on a calendar, so it is searched for
    among the moments, of which each later one ends later.
    """
    low = now - period.length * 2 - timedelta(days=60)
    high = now
    while period.due(low, calendar) > now:
        low -= timedelta(days=365)
    if period.due(high, calendar) <= now:
        return high
    while high - low > _SECOND:
        middle = low + (high - low) / 2
        if period.due(middle, calendar) <= now:
            low = middle
        else:
            high = middle
    return low
