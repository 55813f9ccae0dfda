"""Clocks of requests: dates worked out by hand on a calendar, and what holds for all of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from troth.core.rights import clocks
from troth.core.rights.clocks import Counting, ExtensionDenied
from troth.policy import Policy, read
from troth.policy.calendars import CalendarMissing
from troth.policy.periods import Period

ENGLAND = Counting.of("Europe/London", "GB-ENG")
BOSTON = Counting.of("America/New_York", "US-MA")
VANCOUVER = Counting.of("America/Vancouver", "CA-BC")
BERLIN = Counting.of("Europe/Berlin", "DE-BE")


def last_day(within: str, received: str, counting: Counting) -> str:
    at = clocks.due(Period.parse(within), datetime.fromisoformat(received), counting)
    assert at == counting.end(counting.day(at)), "it is in time until the day ends there"
    return str(counting.day(at))


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-06-01T12:00+01:00", "2026-06-08"),  # Monday to Monday
        ("2026-06-05T23:59+01:00", "2026-06-12"),  # a minute before midnight is still Friday
        ("2026-06-06T00:01+01:00", "2026-06-12"),  # and two minutes later Saturday
        ("2026-06-07T12:00+01:00", "2026-06-12"),  # received on a Sunday
        ("2026-04-02T09:00+01:00", "2026-04-13"),  # Good Friday and Easter Monday
        ("2026-04-03T09:00+01:00", "2026-04-13"),  # received on Good Friday itself
        ("2026-12-22T09:00+00:00", "2026-12-31"),  # Christmas, and Boxing Day on the 28th
        ("2026-12-23T09:00+00:00", "2027-01-04"),  # New Year's Day too
        ("2026-12-31T23:59+00:00", "2027-01-08"),
    ],
)
def test_five_business_days_in_england(received: str, due: str) -> None:
    assert last_day("5 business days", received, ENGLAND) == due


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-07-01T10:00-04:00", "2026-07-15"),  # a Saturday's holiday moves nowhere here
        ("2026-07-04T10:00-04:00", "2026-07-17"),  # received on the holiday
        ("2026-11-20T10:00-05:00", "2026-12-07"),  # Thanksgiving
        ("2026-04-13T10:00-04:00", "2026-04-28"),  # Patriots' Day, in Massachusetts
    ],
)
def test_ten_business_days_in_boston(received: str, due: str) -> None:
    assert last_day("10 business days", received, BOSTON) == due


def test_elsewhere_in_the_country_the_friday_before_is_free() -> None:
    federal = Counting.of("America/New_York", "US")
    assert last_day("10 business days", "2026-07-01T10:00-04:00", federal) == "2026-07-16"


@pytest.mark.parametrize(
    ("within", "received", "due"),
    [
        ("30 days", "2026-01-30T12:00+00:00", "2026-03-01"),  # February of 28 days
        ("30 days", "2028-01-30T12:00+00:00", "2028-02-29"),  # a leap year
        ("1 month", "2026-01-31T12:00+00:00", "2026-02-28"),  # no 31 February
        ("1 month", "2028-01-31T12:00+00:00", "2028-02-29"),
        ("1 month", "2026-08-31T12:00+00:00", "2026-09-30"),
        ("3 months", "2026-11-30T12:00+00:00", "2027-02-28"),  # over the year's end
        ("45 days", "2026-12-01T12:00+00:00", "2027-01-15"),
        ("1 year", "2028-02-29T12:00+00:00", "2029-02-28"),
        ("2 weeks", "2026-12-20T12:00+00:00", "2027-01-03"),
        ("0 days", "2026-05-03T12:00+00:00", "2026-05-03"),
    ],
)
def test_calendar_days_months_and_years(within: str, received: str, due: str) -> None:
    assert last_day(within, received, ENGLAND) == due


@pytest.mark.parametrize(
    ("received", "counting", "due"),
    [
        # Half past midnight in Berlin is still the day before in UTC.
        ("2026-06-01T22:30+00:00", BERLIN, "2026-06-12T21:59:59+00:00"),
        # In Vancouver it was still 31 May.
        ("2026-06-01T03:00+00:00", VANCOUVER, "2026-06-11T06:59:59+00:00"),
        # Summer time begins on 8 March and ends on 25 October: the day ends there, not in UTC.
        ("2026-03-01T17:00+00:00", BOSTON, "2026-03-12T03:59:59+00:00"),
        ("2026-10-20T10:00+00:00", BERLIN, "2026-10-30T22:59:59+00:00"),
    ],
)
def test_the_day_is_the_companys_own(received: str, counting: Counting, due: str) -> None:
    at = clocks.due(Period.parse("10 days"), datetime.fromisoformat(received), counting)
    assert at == datetime.fromisoformat(due)


def test_hours_run_through_the_change_of_the_clocks() -> None:
    received = datetime(2026, 10, 24, 12, tzinfo=BERLIN.zone)
    at = clocks.due(Period.parse("72 hours"), received, BERLIN)
    assert at - received.astimezone(UTC) == timedelta(hours=72)


def test_business_days_without_a_calendar_are_refused() -> None:
    with pytest.raises(CalendarMissing):
        clocks.due(Period.parse("5 business days"), datetime.now(UTC), Counting.of("UTC"))


@pytest.mark.parametrize(
    ("within", "received", "paused", "resumed", "due"),
    [
        ("10 days", "2026-06-01", "2026-06-05", "2026-06-08", "2026-06-14"),
        ("10 days", "2026-06-01", "2026-06-05", "2026-06-05", "2026-06-11"),  # the same day
        ("10 days", "2026-06-01", "2026-06-11", "2026-06-20", "2026-06-20"),  # on the last day
        ("1 month", "2026-01-31", "2026-02-27", "2026-03-02", "2026-03-03"),
        # 5 business days from 1 April: 2, 7, 8, 9, 10. Two are used when it stops on the 7th.
        ("5 business days", "2026-04-01", "2026-04-07", "2026-04-09", "2026-04-14"),
        # It stops on the Thursday before Easter and goes on upon Easter Monday: 7, 8, 9, 10.
        ("5 business days", "2026-04-01", "2026-04-02", "2026-04-06", "2026-04-10"),
        # It stops on the last day and goes on upon Christmas: the 29th is the next working day.
        ("5 business days", "2026-12-15", "2026-12-22", "2026-12-25", "2026-12-29"),
    ],
)
def test_the_clock_stands_while_the_person_is_asked(
    within: str, received: str, paused: str, resumed: str, due: str
) -> None:
    def noon(day: str) -> datetime:
        return datetime.fromisoformat(f"{day}T12:00+00:00")

    period = Period.parse(within)
    at = clocks.due(period, noon(received), ENGLAND)
    at = clocks.resumed(at, within=period, paused=noon(paused), now=noon(resumed), counting=ENGLAND)
    assert ENGLAND.day(at) == date.fromisoformat(due)
    assert at == ENGLAND.end(date.fromisoformat(due))


def test_waiting_excuses_no_lateness_before_it() -> None:
    received = datetime(2026, 6, 1, 12, tzinfo=UTC)
    at = clocks.due(Period.parse("10 days"), received, ENGLAND)
    late = at + timedelta(days=1)
    after = clocks.resumed(
        at,
        within=Period.parse("10 days"),
        paused=late,
        now=late + timedelta(days=9),
        counting=ENGLAND,
    )
    assert after == at


MOMENTS = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis wants it so
    datetime(2029, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
)
WITHIN = st.sampled_from(
    [Period.parse(p) for p in ("72 hours", "10 days", "5 business days", "1 month", "45 days")]
)
PLACES = st.sampled_from([ENGLAND, BOSTON, VANCOUVER, BERLIN])


@given(MOMENTS, WITHIN, PLACES)
def test_nothing_is_due_before_it_came_and_later_comes_later(
    received: datetime, within: Period, place: Counting
) -> None:
    at = clocks.due(within, received, place)
    assert at > received
    assert clocks.due(within, received + timedelta(days=1), place) >= at
    assert all(received < one <= at for one in clocks.reminders(received, at, place))


@given(MOMENTS, WITHIN, PLACES, st.integers(0, 40), st.integers(0, 40))
def test_a_pause_takes_no_time_away_and_gives_none_for_nothing(
    received: datetime, within: Period, place: Counting, before: int, length: int
) -> None:
    at = clocks.due(within, received, place)
    paused = received + timedelta(days=before)
    now = paused + timedelta(days=length)
    after = clocks.resumed(at, within=within, paused=paused, now=now, counting=place)
    assert after >= at
    if paused > at or not length:
        assert after == at
    elif within.business:
        left = place.working(place.day(paused), place.day(at))
        assert place.working(place.day(now), place.day(after)) in {left, left or 1}
    elif within.unit != "hours":
        assert place.day(after) - place.day(at) == place.day(now) - place.day(paused)


POLICY = """
[policy]
version = "1"
effective = 2026-01-01
[company]
name = "Toy"
privacy_contact = "privacy@toy.example"
calendar = "GB-ENG"
"""


def policy(*more: str) -> Policy:
    found = read(POLICY + "\n".join(more)).policy
    assert found is not None
    return found


def right(clause: str, kind: str, within: str = "", **keys: str) -> str:
    lines = [f'within = "{within}"'] if within else []
    lines += [f"{key} = {value}" for key, value in keys.items()]
    return f'[[right]]\nclause = "{clause}"\nkind = "{kind}"\ntext = "x"\n' + "\n".join(lines)


RECEIVED = datetime(2026, 6, 1, 12, tzinfo=UTC)


def chosen(found: Policy, kind: str, **keys: object) -> tuple[str, str]:
    promise, at = clocks.governing(
        clocks.promises(found, kind, **keys),
        RECEIVED,
        ENGLAND,  # type: ignore[arg-type]
    )
    return (promise.clause if promise else "", str(ENGLAND.day(at)))


def test_the_promise_that_is_due_first_counts() -> None:
    found = policy(
        right("1", "access", "45 days"),
        right("2", "access", "30 days", who='"EEA"'),
        right("3", "access", "10 business days", who='"CA"'),
        right("4", "deletion", "45 days"),
        right("5", "objection"),
        '[[deadline]]\nclause = "6"\nof = "inquiry"\nwithin = "5 business days"\ntext = "x"',
    )
    assert chosen(found, "access") == ("3", "2026-06-15"), "who did not say may live there"
    assert chosen(found, "access", country="FR") == ("2", "2026-07-01")
    assert chosen(found, "access", country="CA") == ("3", "2026-06-15")
    assert chosen(found, "access", country="US") == ("1", "2026-07-16")
    assert chosen(found, "deletion", country="FR") == ("4", "2026-07-16")
    assert chosen(found, "objection") == ("5", "2026-07-01"), "no time: a month"
    assert chosen(found, "portability") == ("", "2026-07-01"), "no clause: the law's month"
    assert chosen(found, "question") == ("6", "2026-06-08")


def test_a_right_over_some_data_counts_where_that_data_is_meant() -> None:
    found = policy(
        right("1", "correction", "30 days"),
        right("2", "correction", "10 business days", data='["user.contact"]'),
    )
    assert chosen(found, "correction", data=["user.contact.email"]) == ("2", "2026-06-15")
    assert chosen(found, "correction", data=["user.financial"]) == ("1", "2026-07-01")
    assert chosen(found, "correction") == ("2", "2026-06-15")


def test_an_extension_is_two_months_once_and_in_time() -> None:
    found = policy(right("1", "access", "30 days"))
    at = clocks.due(Period.parse("30 days"), RECEIVED, ENGLAND)  # 1 July

    def extend(**changes: object) -> datetime:
        keys = {"policy": found, "now": RECEIVED, "counting": ENGLAND, "already": False}
        return clocks.extended(at, **(keys | changes))  # type: ignore[arg-type]

    assert ENGLAND.day(extend()) == date(2026, 9, 1)
    assert extend(now=at) > at
    with pytest.raises(ExtensionDenied):
        extend(already=True)
    with pytest.raises(ExtensionDenied):
        extend(now=at + timedelta(seconds=1))
    own = policy('[[deadline]]\nclause = "2"\nof = "extension"\nwithin = "30 days"\ntext = "x"')
    assert ENGLAND.day(extend(policy=own)) == date(2026, 7, 31)


def test_reminders_come_before_the_end_and_stages_say_how_near_it_is() -> None:
    at = clocks.due(Period.parse("30 days"), RECEIVED, ENGLAND)
    days = [str(ENGLAND.day(one)) for one in clocks.reminders(RECEIVED, at, ENGLAND)]
    assert days == ["2026-06-16", "2026-06-24", "2026-06-28", "2026-06-30", "2026-07-01"]
    stages = [
        clocks.stage(RECEIVED, at, RECEIVED + timedelta(days=days), ENGLAND)
        for days in (0, 20, 27, 29, 30, 31)
    ]
    assert stages == ["early", "half", "soon", "soon", "today", "late"]
    assert clocks.share_used(RECEIVED, at, RECEIVED) == 0
    assert clocks.share_used(RECEIVED, at, at + timedelta(days=1)) == 1
