"""SIGKILL in the middle: everybody gets exactly one copy, or what is uncertain is counted."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from campaigns.conftest import Company
from campaigns.crowd import Senders, crowd
from campaigns.sink import Sink
from troth.channels.campaigns import queries
from troth.channels.campaigns.models import Campaign
from troth.core.people.models import Person

PEOPLE, OUT, KILLS = 500, 20, 3


@pytest.mark.parametrize("company", ["sqlite"], indirect=True)
def test_everybody_gets_one_copy_however_often_senders_are_killed(
    company: Company, sink: Sink, tmp_path: Path
) -> None:
    people = crowd(PEOPLE)
    for person in Person.objects.filter(pk__in=people[:OUT]):
        company.says(person, "news", yes=False)
    campaign = company.campaign()
    senders = Senders(
        tmp_path, company.urls, sink.port, lambda: len(sink.taken), random.Random(20260101)
    )
    for _ in range(2):
        senders.start()
    for _ in range(KILLS):
        if not senders.kill_in_the_middle(within=PEOPLE // (2 * KILLS)):
            break
        senders.start()
    senders.finish()
    counts, told = sink.counts(), queries.progress(campaign)
    assert queries.by_ref(campaign.ref).state == Campaign.State.DONE
    assert set(counts) == {f"p{n}@people.example" for n in range(OUT, PEOPLE)}
    assert told.states == {"accepted": PEOPLE - OUT}
    twice = sum(counts.values()) - len(counts)
    assert max(counts.values()) <= 2
    assert twice <= told.uncertain <= senders.killed == KILLS
    same = {content.split(b"Message-ID: ")[1].split(b"\r\n")[0] for _, content, _ in sink.taken}
    assert len(same) == PEOPLE - OUT, "a repeat has the Message-ID of the first"
