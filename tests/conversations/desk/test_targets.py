"""Targets count office hours, and clocks that stand still."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import given, strategies

from conversations.company import Company
from troth.channels.conversations import actions
from troth.channels.conversations.hours import Hours
from troth.channels.conversations.models import Conversation, Desk, Queue
from troth.channels.conversations.queries.inbox import overdue
from troth.core import clock
from troth.core.actors import Actor

NINE_TO_FIVE = {str(day): [["09:00", "12:00"], ["13:00", "17:00"]] for day in range(5)}
BC = Hours.of(NINE_TO_FIVE, zone="America/Vancouver", country="CA-BC")
VISITOR = Actor.visitor()
SPAN = tuple(datetime.fromisoformat(day) for day in ("2026-01-01", "2027-12-31"))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BC.zone).astimezone(UTC)


def test_nights_weekends_and_holidays_do_not_count() -> None:
    friday = local("2026-06-26T16:30")
    assert BC.after(friday, 60) == local("2026-06-29T09:30")
    assert BC.after(local("2026-06-30T16:30"), 60) == local("2026-07-02T09:30")  # Canada Day
    assert BC.after(local("2026-06-29T11:30"), 60) == local("2026-06-29T13:30")
    assert BC.between(friday, local("2026-06-29T09:30")) == 60


@given(
    start=strategies.datetimes(*SPAN),
    minutes=strategies.integers(1, 5000),
)
def test_the_time_until_it_is_due_is_what_was_given(start: datetime, minutes: int) -> None:
    begun = start.replace(tzinfo=UTC)
    assert BC.between(begun, BC.after(begun, minutes)) == minutes


def test_clocks_stand_still_while_it_waits_for_the_person(company: Company) -> None:
    Queue.objects.update(first_answer_minutes=60, next_answer_minutes=30, solve_minutes=240)
    Desk.objects.update(hours=NINE_TO_FIVE)
    begun = datetime(2026, 6, 29, 9, 0, tzinfo=UTC)  # a Monday; the company is in UTC
    ann = company.actor("ann")

    def at(hour: float) -> AbstractContextManager[None]:
        return clock.at(begun.replace(hour=0) + timedelta(hours=hour))

    with at(9):
        ticket, _ = company.mail()
        ticket = actions.take(ticket, actor=ann)
    assert ticket.first_answer_due_at == begun.replace(hour=10)
    assert ticket.solve_due_at == begun.replace(hour=14)  # an hour of it is lunch
    late = Conversation.objects.filter(overdue(begun.replace(hour=11)))
    assert late.exists()
    with at(10):
        actions.write(ticket, actor=ann, side="staff", text="Is it on?", client_id=uuid4())
    assert not late.exists()  # it waits for them
    with at(15):
        actions.write(ticket, actor=VISITOR, side="person", text="It is.", client_id=uuid4())
    ticket.refresh_from_db()
    assert ticket.next_answer_due_at == begun.replace(hour=15, minute=30)
    assert ticket.solve_due_at == begun.replace(day=30, hour=10)  # three hours were left
    with at(16):
        actions.set_state(ticket, actor=ann, state="hold", revision=None)
    with clock.at(begun.replace(day=30, hour=11)):
        found = actions.reopen(ticket, actor=ann, revision=None)
    assert found.solve_due_at == begun.replace(day=30, hour=14)
