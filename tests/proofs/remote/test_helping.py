"""Remote help: from browser to browser, after a code and a yes, for one agent and a time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from proofs.asking import until
from proofs.company import Company, submit
from proofs.customers import Customer
from proofs.remote.helping import (
    HERE,
    SUM,
    THEIRS,
    Opens,
    Session,
    Visit,
    begin,
    case,
    enter,
    frames,
    moment,
    row_of,
    write_note,
)
from support.seeded import Seed

WITHIN = timedelta(seconds=1)
KEEPS = re.compile(r"MediaRecorder|captureStream|toDataURL|toBlob|createObjectURL|ImageCapture")


@pytest.mark.clause("comantra-26", "comantra-27", "comantra-28")
def test_an_agent_sees_a_screen_and_points_where_they_may(
    company: Company, new_page: Opens
) -> None:
    agent, seed = company.staff("Agent"), Seed.new()
    there = Session.between(company, new_page, agent, case(company, agent, seed))
    watching, showing = there.watching, there.showing
    expect(watching.get_by_text("They are reading")).to_be_visible()
    assert frames(watching) == 0
    assert there.row()["state"] == "joined"

    there.allow()
    first, seen = watching.evaluate(SUM), frames(watching)
    until(lambda: frames(watching) > seen + 5, "pictures that go on")
    assert watching.evaluate(SUM) != first
    assert watching.evaluate(f"{THEIRS}.videoWidth") > 0

    # Looking is all there is until they say otherwise.
    picture, mark = watching.locator("[data-theirs]"), showing.locator("[data-pointer][data-at]")
    picture.hover()
    expect(watching.get_by_text("They let you point")).to_be_hidden()
    expect(mark).to_have_count(0)
    showing.get_by_label("The agent may point").check()
    expect(watching.get_by_text("They let you point")).to_be_visible()
    picture.click()
    expect(mark).to_have_attribute("data-at", "0.50 0.50")
    showing.get_by_label("The agent may point").uncheck()
    expect(watching.get_by_text("They let you point")).to_be_hidden()
    expect(mark).to_have_count(0)
    # Nothing on the agent's page can keep a picture.
    sources = watching.evaluate(
        "() => performance.getEntriesByType('resource').map(one => one.name)"
    )
    scripts = [one for one in sources if "/remote/" in one and one.endswith(".js")]
    assert len(scripts) >= 3
    texts = [watching.request.get(one).text() for one in scripts]
    assert not any(KEEPS.search(text) for text in texts)

    pressed = datetime.now(UTC)
    showing.get_by_role("button", name="Stop").click()
    expect(watching.get_by_text("It is over.")).to_be_visible()
    expect(showing.get_by_role("heading", name="The session is over")).to_be_visible()
    assert there.ended_at - pressed < WITHIN
    assert watching.evaluate(f"{THEIRS}.srcObject") is None
    assert there.row()["ended_by"] == "customer"
    watching.get_by_label("What you looked at").fill("Looked at what starts by itself.")
    watching.get_by_role("button", name="Write it down").click()
    expect(watching.get_by_text("Written down")).to_be_visible()


@pytest.mark.clause("comantra-27", "comantra-28")
def test_nothing_begins_before_a_code_and_a_yes(company: Company) -> None:
    agent, stranger = company.staff("Agent"), company.reader()
    code, ref = begin(company, agent)
    assert code.replace(" ", "").encode() not in (row_of(company, ref)["code_digest"] or b"")
    wrong = enter(stranger, "000 000 000" if code[0] != "0" else "999 999 999")
    assert "does not work" in wrong.words
    assert row_of(company, ref)["state"] == "offered"
    assert stranger.get(f"/help-session/{ref}/{'x' * 43}").status == 404
    assert stranger.post(f"/help-session/{ref}/{'x' * 43}/do", [("do", "grant")]).status == 404
    customer = company.reader()
    page = enter(customer, code)
    assert "What is going to happen" in page.words
    assert "15 minutes at most" in page.words
    assert "does not work" in enter(stranger, code).words  # it was used
    visit = Visit(company, agent, ref, code, customer, page)
    assert visit.state == "joined"
    with visit.line("agent") as watching, visit.line("customer") as showing:
        watching.until("welcome")
        showing.until("welcome", there=True)
        watching.send("signal", data={"ready": "1"})
        assert watching.until("error")["code"] == "OverDenied"
        visit.do("grant", accept="on")
        showing.until("state", state="running")
        watching.send("signal", data={"ready": "2"})
        assert showing.until("signal")["data"] == {"ready": "2"}
        assert not [one for one in showing.heard if one.get("data") == {"ready": "1"}]
        watching.send("pointer", on=True)  # not the agent's to allow
        assert watching.until("error")["code"] == "FrameInvalid"
        assert not row_of(company, ref)["pointed"]
        pressed = datetime.now(UTC)
        visit.do("stop")
        assert watching.ended() - pressed < WITHIN
        assert showing.ended() - pressed < WITHIN
        assert (watching.code, showing.code) == (4410, 4410)
    assert moment(row_of(company, ref)["ended_at"]) - pressed < WITHIN
    with visit.line("agent") as again:  # there is nothing to come back to
        again.ended()
        assert again.code == 4410
    assert visit.do("grant", accept="on").status == 403
    assert "Written down" in write_note(agent, ref, "Nothing: they stopped it at once.")


@pytest.mark.clause("comantra-27")
@pytest.mark.parametrize("side", ["customer", "agent"])
def test_whoever_leaves_ends_it_for_both(company: Company, side: str) -> None:
    agent = company.staff("Agent")
    visit = Visit.new(company, agent)
    visit.do("grant", accept="on")
    other = {"customer": "agent", "agent": "customer"}[side]
    with visit.line(other) as staying:
        staying.until("welcome")
        with visit.line(side) as leaving:
            leaving.until("state", state="running")
            staying.until("there", there=True)
            left = datetime.now(UTC)
        assert staying.ended() - left < WITHIN
    assert row_of(company, visit.ref)["ended_by"] == side
    write_note(agent, visit.ref, "They left.")


@pytest.mark.clause("comantra-27")
def test_a_yes_is_for_one_agent_and_one_session(company: Company) -> None:
    agent, owner = company.staff("Agent"), company.staff("Owner")
    seed = Seed.new()
    visit = Visit.new(company, agent, case(company, agent, seed))
    [(person,)] = company.rows(
        "SELECT p.ref FROM remote_session s JOIN people_person p ON p.id = s.person_id "
        "WHERE s.ref = ?",
        visit.ref,
    )
    asked = {"purpose": "remote", "data": "user.content.private", "person": person}
    assert company.why(**asked).startswith("denied")
    visit.do("grant", accept="on")
    assert company.why(**asked).startswith("permitted")
    for path in ("", "/ticket"):
        assert owner.get(f"{HERE}/{visit.ref}{path}").status == 403
    assert owner.get(HERE).status == 200
    assert company.staff("Marketing").get(HERE).status == 403
    visit.do("stop")
    assert company.why(**asked).startswith("denied")
    write_note(agent, visit.ref, "Looked at one setting.")


@pytest.mark.clause("comantra-28", "comantra-29")
def test_the_advice_is_accepted_and_what_was_done_is_noted(company: Company) -> None:
    agent, customer = company.staff("Agent"), Customer.with_account(company)
    conversation = case(company, agent, customer.seed)
    visit = Visit.new(company, agent, conversation)
    assert "Please save a copy of what matters to you" in visit.page.words
    assert "§ 5.8" in visit.page.words
    refused = visit.do("grant")
    assert "confirm that you have read the advice" in refused.words
    assert row_of(company, visit.ref)["accepted"] == ""
    assert visit.state == "joined"
    visit.do("grant", accept="on")
    assert visit.state == "running"
    [(version,)] = company.rows(
        "SELECT version FROM notices_policyversion ORDER BY id DESC LIMIT 1"
    )
    assert row_of(company, visit.ref)["accepted"] == version
    visit.do("stop")

    again = submit(agent, agent.get(HERE), "ground")
    assert "no note yet" in again.words  # one after the other
    done = f"Took {Seed.new().company} out of what starts by itself."
    write_note(agent, visit.ref, done)
    assert done in agent.get(f"/console/conversations/{conversation}").words
    held = company.rows(
        "SELECT e.category, e.name FROM people_element e JOIN remote_session s ON s.id = e.record "
        "WHERE s.ref = ?",
        visit.ref,
    )
    assert held == [("user.telemetry", "work-done")]
    mine = customer.reader.get("/account/my-data/").words
    told = mine.partition("Remote help")[2]
    for words in ("Agent", "second", done, "You ended it"):
        assert words in told, words
    for sentence in (
        "asked to be shown your screen, because of",
        "You were advised to secure your files before a remote session, and accepted",
        "You let an agent see your screen, for 15 minutes at most",
        "You ended a remote session",
        "noted what was done in a remote session",
    ):
        assert sentence in mine, sentence
