"""Periods, deadlines and calendars."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import holidays
import pytest
from fideslang.default_taxonomy import DEFAULT_TAXONOMY
from hypothesis import given, settings, strategies as st

from troth.policy import calendars, taxonomy
from troth.policy.calendars import CalendarMissing
from troth.policy.periods import EVENTS, LONGEST, Period, PeriodInvalid

PERIODS = st.sampled_from(sorted(LONGEST)).flatmap(
    lambda unit: st.builds(
        Period, st.integers(0, LONGEST[unit]), st.just(unit), st.sampled_from(("", *EVENTS))
    )
)


@given(PERIODS)
def test_a_period_is_read_as_it_is_written(period: Period) -> None:
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    "text",
    ["", "days", "5", "-1 days", "05 days", "1.5 years", "5 days ", "5 days\n", "5  days",
     "5 fortnights", "5 days after lunch", "five days", "99999999 days", "3 business weeks"],
)  # fmt: skip
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(PeriodInvalid):
        Period.parse(text)


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T15:30:00").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "period", "due"),
    [
        ("2026-01-30", "1 month", "2026-02-28"),
        ("2024-01-31", "1 month", "2024-02-29"),
        ("2024-02-29", "1 year", "2025-02-28"),
        ("2026-01-01", "30 days", "2026-01-31"),
        ("2026-12-15", "2 weeks", "2026-12-29"),
        ("2026-01-05", "5 business days", "2026-01-12"),  # a Monday
        ("2026-01-09", "1 business day", "2026-01-12"),  # a Friday
        ("2026-01-10", "1 business day", "2026-01-12"),  # a Saturday
        ("2026-06-30", "1 business day", "2026-07-02"),  # Canada Day between
        ("2026-12-24", "10 business days", "2027-01-11"),  # Christmas, Boxing Day is none in BC
    ],
)
def test_when_it_is_over(start: str, period: str, due: str) -> None:
    assert Period.parse(period).due(at(start), "CA-BC") == at(due)


def test_hours_are_counted_by_the_clock() -> None:
    assert Period.parse("36 hours").due(at("2026-01-01")) == at("2026-01-01") + timedelta(hours=36)


@settings(deadline=None)
@given(st.integers(1, 60), st.dates(at("2020-01-01").date(), at("2035-01-01").date()))
def test_a_business_deadline_falls_on_a_business_day(count: int, start: object) -> None:
    due = Period(count, "business days").due(at(str(start)), "CA-BC")
    assert due.date() > at(str(start)).date()
    assert calendars.calendar("CA-BC").is_working_day(due.date())


def test_business_days_need_a_calendar() -> None:
    with pytest.raises(CalendarMissing):
        Period(1, "business days").due(at("2026-01-01"))
    with pytest.raises(CalendarMissing):
        Period(1, "business days").due(at("2026-01-01"), "QQ")


def test_calendar_names_are_those_of_the_package() -> None:
    """The names are read from the package's text; the package itself must agree."""
    for country, parts in holidays.list_supported_countries(include_aliases=False).items():
        assert not calendars.fault(country)
        for part in [one for one in parts if len(one) <= 3][:2]:
            assert not calendars.fault(f"{country}-{part}"), f"{country}-{part}"
    assert calendars.fault("QQ")
    assert calendars.fault("CA-ZZ")


def test_the_taxonomy_is_fideslangs() -> None:
    """The keys are read from the package's text; the package itself must agree."""
    categories, uses = DEFAULT_TAXONOMY.data_category, DEFAULT_TAXONOMY.data_use
    assert set(taxonomy.categories()) == {one.fides_key for one in categories}
    assert set(taxonomy.uses()) == {one.fides_key for one in uses}
    assert taxonomy.uses().replaced == {
        one.fides_key: one.replaced_by or "" for one in uses if one.version_deprecated
    }
    assert all(taxonomy.categories().names[one.fides_key] == one.name for one in categories)
