"""Business days of a company's country."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, strategies as st

from troth.kit.calendars import CalendarInvalid, calendar

FRIDAY = date(2026, 5, 15)


def test_a_holiday_and_a_weekend_do_not_count() -> None:
    # Monday 18 May 2026 is Victoria Day in British Columbia.
    assert calendar("CA-BC").after(FRIDAY, 1) == date(2026, 5, 19)
    assert calendar("DE").after(FRIDAY, 1) == date(2026, 5, 18)


def test_used_never_exceeds_allowed() -> None:
    days = calendar("CA-BC")
    assert days.used(FRIDAY, date(2026, 5, 20), 10) == (2, 10)
    assert days.used(FRIDAY, date(2026, 9, 1), 10) == (10, 10)
    assert days.used(FRIDAY, FRIDAY, 10) == (0, 10)


@pytest.mark.parametrize("key", ["", "XX", "CA-ZZ", "no such place", "🇨🇦"])
def test_an_unknown_place_is_refused(key: str) -> None:
    with pytest.raises(CalendarInvalid):
        calendar(key)


@given(days=st.integers(0, 60), start=st.dates(date(2020, 1, 1), date(2029, 1, 1)))
def test_counting_forward_and_back_agree(days: int, start: date) -> None:
    found = calendar("CA-BC")
    end = found.after(start, days)
    assert found.between(start, end) == days
    assert end - start >= timedelta(days=days)
