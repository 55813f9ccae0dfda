"""Remote help: from browser to browser, after a code and a yes, for one agent and a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from proofs.asking import until
from proofs.company import Company
from proofs.remote.helping import SUM, Opens, Session, case, frames, write_note
from support.seeded import Seed

WITHIN = timedelta(seconds=1)


@pytest.mark.clause("comantra-26", "comantra-27", "comantra-28")
def test_an_agent_sees_a_screen_until_the_customer_stops_it(
    company: Company, new_page: Opens
) -> None:
    agent, seed = company.staff("Agent"), Seed.new()
    there = Session.between(company, new_page, agent, case(company, agent, seed))
    expect(there.watching.get_by_text("They are reading")).to_be_visible()
    assert frames(there.watching) == 0
    assert there.row()["state"] == "joined"
    there.allow()
    first = there.watching.evaluate(SUM)
    seen = frames(there.watching)
    until(lambda: frames(there.watching) > seen + 5, "pictures that go on")
    assert there.watching.evaluate(SUM) != first
    assert there.watching.evaluate("document.querySelector('[data-theirs]').videoWidth") > 0
    pressed = datetime.now(UTC)
    there.showing.get_by_role("button", name="Stop").click()
    expect(there.watching.get_by_text("It is over.")).to_be_visible()
    expect(there.showing.get_by_role("heading", name="The session is over")).to_be_visible()
    assert there.ended_at - pressed < WITHIN
    assert there.watching.evaluate("document.querySelector('[data-theirs]').srcObject") is None
    assert there.row()["ended_by"] == "customer"
    assert "Written down" in write_note(agent, there.ref, "Looked at the start-up programs.")
