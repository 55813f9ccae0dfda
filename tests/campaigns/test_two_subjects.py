"""Two subjects: tried on some, and the rest gets the one that did better."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from campaigns.conftest import BOTH, POLICY, STAFF, Company, send
from campaigns.sink import Sink
from troth.channels.campaigns import choosing
from troth.channels.campaigns.leaving import leave
from troth.channels.campaigns.models import Campaign, Copy
from troth.channels.campaigns.moving import StateDenied
from troth.core import clock
from troth.core.notices.publish import publish

UNCOUNTED = POLICY.replace('version = "1"', 'version = "2"').partition(
    '[[collect]]\nclause = "2.3"'
)


def tried(company: Company, count: int = 30) -> Campaign:
    """A campaign whose first letters have left, and whose others wait."""
    company.people(count)
    campaign = company.campaign(
        subject="First", subject_b="Second", share_b=50, try_share=60, try_hours=4
    )
    send()
    campaign.refresh_from_db()
    return campaign


def later(campaign: Campaign) -> None:
    """Its time to choose has come."""
    Campaign.objects.filter(pk=campaign.pk).update(frozen_at=clock.now() - timedelta(hours=5))


def subjects(messages: list[tuple[str, bytes, str]]) -> Counter[str]:
    return Counter("Second" if b"Subject: Second" in raw else "First" for _, raw, _ in messages)


def uncounted() -> None:
    """A policy under which no opening is counted."""
    head, start, rest = UNCOUNTED
    publish(head + (start + rest).partition("\n\n")[2], actor=STAFF)


@BOTH
def test_the_rest_waits_and_gets_the_one_fewer_left_after(company: Company, sink: Sink) -> None:
    uncounted()
    campaign = tried(company)
    first = len(sink.taken)
    assert 0 < first < 30
    waiting = Copy.objects.filter(campaign=campaign, subject="-")
    assert waiting.count() == 30 - first
    assert campaign.state == "sending"
    for copy in Copy.objects.filter(campaign=campaign, subject="a")[:1]:
        leave(copy, way="one-click")
    later(campaign)
    send()
    campaign.refresh_from_db()
    assert (campaign.state, campaign.chosen, campaign.chosen_by) == ("done", "b", "noes")
    assert set(subjects(sink.taken[first:])) == {"Second"}
    assert len(sink.taken) == 30


def test_where_nothing_tells_them_apart_the_rest_gets_the_first(
    company: Company, sink: Sink
) -> None:
    campaign = tried(company)
    first = len(sink.taken)
    later(campaign)
    send()
    campaign.refresh_from_db()
    assert (campaign.chosen, campaign.chosen_by) == ("a", "none")
    assert set(subjects(sink.taken[first:])) == {"First"}


def test_where_openings_may_be_counted_they_decide(company: Company, sink: Sink) -> None:
    campaign = tried(company)
    first = len(sink.taken)
    Copy.objects.filter(
        pk__in=Copy.objects.filter(campaign=campaign, subject="b").values("pk")[:2]
    ).update(opened_at=clock.now())
    later(campaign)
    send()
    campaign.refresh_from_db()
    assert (campaign.chosen, campaign.chosen_by) == ("b", "opened")
    assert set(subjects(sink.taken[first:])) == {"Second"}


def test_somebody_may_choose_by_hand_and_once(company: Company, sink: Sink) -> None:
    campaign = tried(company)
    first = len(sink.taken)
    choosing.choose_by_hand(campaign, "b", actor=STAFF)
    with pytest.raises(StateDenied):
        choosing.choose_by_hand(campaign, "a", actor=STAFF)
    send()
    campaign.refresh_from_db()
    assert (campaign.state, campaign.chosen_by) == ("done", "hand")
    assert set(subjects(sink.taken[first:])) == {"Second"}
