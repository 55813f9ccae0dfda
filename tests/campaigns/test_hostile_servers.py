"""Mail servers that refuse, wait, hang up and lose answers: nothing is lost, states are clear."""

from __future__ import annotations

from datetime import timedelta

import pytest

from campaigns.conftest import BOTH, Company, send
from campaigns.sink import DROP, Sink
from troth.channels.campaigns import queries
from troth.channels.campaigns.models import Copy
from troth.channels.campaigns.sending import process
from troth.core import clock


def states(campaign: object) -> dict[str, str]:
    """State by the number of the person."""
    found = Copy.objects.filter(campaign=campaign).order_by("person__created_at", "person_id")
    return {f"p{n}": copy.state for n, copy in enumerate(found)}


@BOTH
def test_each_answer_becomes_a_state_and_the_address_is_in_none(
    company: Company, sink: Sink
) -> None:
    company.people(6)
    answers = {
        "p1": ("rcpt", "550 5.1.1 <p1@people.example>: unknown"),
        "p2": ("rcpt", "452 4.2.2 mailbox full"),
        "p3": ("end", "554 5.7.1 not wanted"),
        "p4": ("end", "451 4.7.1 try later"),
    }

    def script(stage: str, address: str, _times: int) -> str:
        wanted, answer = answers.get(address.partition("@")[0], ("", ""))
        return answer if stage == wanted else ""

    sink.script = script
    campaign = company.campaign()
    send()
    expected = ["accepted", "failed", "deferred", "failed", "deferred", "accepted"]
    assert states(campaign) == {f"p{n}": state for n, state in enumerate(expected)}
    assert {a.partition("@")[0] for a in sink.counts()} == {"p0", "p5"}
    failed = queries.failures(campaign, "failed").get(code="550 5.1.1")
    assert failed.words
    assert "people.example" not in failed.words
    assert sink.connections == 1, "a refusal is no reason to hang up"
    sink.script = lambda *_: ""
    with clock.at(clock.now() + timedelta(minutes=2)):
        send()
    assert {a.partition("@")[0] for a in sink.counts()} == {"p0", "p2", "p4", "p5"}
    assert queries.by_ref(campaign.ref).state == "done"


@BOTH
def test_connections_that_end_lose_nothing_and_repeat_at_most_one(
    company: Company, sink: Sink
) -> None:
    company.people(9)
    drops = {
        ("rcpt", "p2@people.example"): DROP,
        ("data", "p4@people.example"): DROP,
        ("end", "p6@people.example"): f"250 {DROP}",
        ("end", "p7@people.example"): "421 4.3.2 closing",
    }
    sink.script = lambda stage, address, times: drops.get((stage, address), "") if not times else ""
    campaign = company.campaign()
    send()
    counts = sink.counts()
    assert set(counts) == {f"p{n}@people.example" for n in range(9)}
    assert counts.pop("p6@people.example") == 2
    assert set(counts.values()) == {1}
    assert queries.progress(campaign).states == {"accepted": 9}
    assert queries.progress(campaign).uncertain == 1


def test_a_server_without_pipelining_is_served_too(company: Company, sink: Sink) -> None:
    sink.offers = ("8BITMIME",)
    company.people(3)
    company.person("zoë@people.example")
    sink.script = lambda stage, address, _: (
        "550 no" if (stage, address[:2]) == ("rcpt", "p1") else ""
    )
    campaign = company.campaign()
    send()
    assert set(sink.counts()) == {"p0@people.example", "p2@people.example"}
    assert states(campaign)["p3"] == "failed"
    assert (
        "beyond ASCII"
        in queries.failures(campaign).get(person__elements__name="email", code="").words
    )


def test_a_letter_that_is_too_large_is_not_sent(company: Company, sink: Sink) -> None:
    sink.offers = ("PIPELINING", "SIZE 1000")
    company.people(2)
    campaign = company.campaign()
    send()
    assert not sink.taken
    assert set(states(campaign).values()) == {"failed"}


def test_an_absent_server_costs_nobody_a_try(company: Company, sink: Sink) -> None:
    company.people(2)
    campaign = company.campaign()
    sink.script = lambda stage, _address, _times: DROP if stage == "mail" else ""
    send(rounds=3)
    assert set(Copy.objects.values_list("state", "tries", "uncertain")) == {("queued", 0, False)}
    sink.script = lambda *_: ""
    send()
    assert queries.progress(campaign).states == {"accepted": 2}


def test_a_no_counts_though_the_server_is_slow(
    company: Company, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gate's answer is asked anew when it gets old, so a batch in hand is no excuse."""
    monkeypatch.setattr(process, "GATE_HOLDS", 0.2)
    people = company.people(6)
    sink.delay = 0.15
    said: list[str] = []

    def script(stage: str, address: str, _times: int) -> str:
        if stage == "end" and not said:
            said.append(address)
        return ""

    sink.script = script
    campaign = company.campaign()
    with process.Journal() as journal:
        sender = process.Sender(journal)
        sender.round()
        left = {copy.person_id for copy in Copy.objects.filter(state="queued")}
        assert left, "all left before the gate could be asked again"
        for person in people:
            if person.pk in left:
                company.says(person, "news", yes=False)
        while sender.round():
            pass
        sender.pipeline.close()
    assert len(sink.taken) == 6 - len(left)
    assert queries.progress(campaign).of("dropped") == len(left)
