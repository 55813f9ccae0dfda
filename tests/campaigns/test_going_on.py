"""What ends a sending process or an address, and what goes on after it."""

from __future__ import annotations

import threading

from campaigns.conftest import POLICY, STAFF, Company, send
from campaigns.sink import Sink
from troth.channels.campaigns import actions, delivered, queries
from troth.channels.campaigns.models import Copy, Undeliverable
from troth.channels.campaigns.sending import journal, process
from troth.channels.campaigns.wording import reason
from troth.core.notices.publish import publish


def test_what_may_not_be_said_any_more_waits_and_keeps_nothing_else_back(
    company: Company, sink: Sink
) -> None:
    company.people(3)
    campaign = company.campaign()
    process.freeze(campaign)
    handed_in = company.campaign(body="Nothing of anybody.")
    changed = POLICY.replace('version = "1"', 'version = "2"')
    publish(changed.replace('["support", "news", "offers"]', '["support", "offers"]'), actor=STAFF)
    assert process.run(threading.Event(), once=True), "and says that something is held back"
    held = Copy.objects.filter(campaign=campaign)
    assert {(one.state, one.worker) for one in held} == {("queued", None)}
    assert not sink.taken
    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.audience) == ("done", 0), "nobody may be written to now"


def test_a_process_that_goes_on_gives_back_what_an_error_left(company: Company, sink: Sink) -> None:
    company.people(2)
    campaign = company.campaign()
    with process.Journal() as kept:
        sender = process.Sender(kept)
        process.freeze(campaign)
        campaign.refresh_from_db()
        claims = process.claiming.claim(campaign, kept.worker, 10)
        kept.leaving(claims[0].copy)
        kept.note(claims[0].copy, journal.Said("A"))
        sender.interrupted = True
        while sender.round():
            pass
        sender.pipeline.close()
    states = Copy.objects.filter(campaign=campaign).values_list("state", "uncertain")
    assert list(states) == [("accepted", False)] * 2
    assert len(sink.taken) == 1, "what the server had taken is not sent again"


def test_once_ends_and_says_so_while_all_is_stopped(company: Company, sink: Sink) -> None:
    company.people(2)
    company.campaign()
    actions.stop(actor=STAFF)
    assert process.run(threading.Event(), once=True)
    assert not sink.taken
    actions.release(actor=STAFF)
    assert not process.run(threading.Event(), once=True)
    assert len(sink.taken) == 2


def test_letters_that_keep_coming_back_end_it_for_the_address(company: Company, sink: Sink) -> None:
    people = company.people(2)
    actions.limit_soft_bounces(actor=STAFF, most=2, days=10)
    for number in range(2):
        campaign = company.campaign(name=f"Pier {number}")
        send()
        copy = Copy.objects.get(campaign=campaign, person=people[0])
        delivered.bounced(copy, status="4.2.2", hard=False, gone=False)
        delivered.bounced(copy, status="4.2.2", hard=False, gone=False)
        assert Undeliverable.objects.exists() is bool(number)
    [failed] = queries.failures(campaign)
    assert "once too often" in reason(failed.state, failed.reason)
    company.campaign(name="After")
    sink.taken.clear()
    send()
    assert [to for to, *_ in sink.taken] == ["p1@people.example"]


def test_letters_come_from_whom_the_settings_say(company: Company, sink: Sink) -> None:
    company.people(1)
    actions.name_sender(actor=STAFF, name="The Harbour", reply_to="desk@harbour.example")
    company.campaign()
    send()
    message = sink.message("p0@people.example")
    assert message["From"] == "The Harbour <news@harbour.example>"
    assert message["Reply-To"] == "desk@harbour.example"
