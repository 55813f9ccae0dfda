"""Sessions end by themselves, stay within their organisation, and are not to be guessed."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts.conftest import POLICIES
from remote.conftest import Company
from troth.channels.remote import codes, console, ending, ice, offering
from troth.channels.remote.granting import grant, point
from troth.channels.remote.joining import CodeInvalid, SessionMissing, held_by, join
from troth.channels.remote.live import asking, carrying
from troth.channels.remote.models import Session
from troth.channels.remote.offering import UnnotedDenied, offer
from troth.channels.remote.recording import SessionDenied
from troth.core import clock
from troth.core.actors import AbilityDenied, Actor
from troth.core.choices.deciding import choose
from troth.core.choices.models import Choice
from troth.core.errors import Invalid
from troth.core.gate.erasing import last_look
from troth.core.ledger.api import sequence
from troth.core.ledger.models import Entry
from troth.core.notices.publish import publish
from troth.core.organisations.models import Organisation
from troth.core.organisations.scope import scope

pytestmark = pytest.mark.parametrize("company", ["comantra"], indirect=True)
MINUTES = 15 * 60


def asked(agent: Actor) -> tuple[Session, str]:
    return offer(actor=agent, ground="repair", seconds=MINUTES)


def running(agent: Actor) -> Session:
    session, _ = join(asked(agent)[1])
    grant(session, accepted=True)
    return session


def acts() -> list[str]:
    sequence()
    return [str(one) for one in Entry.objects.values_list("act", flat=True)]


def ended(session: Session) -> tuple[str, str]:
    session.refresh_from_db()
    return session.state, session.ended_by


def test_a_code_lapses_and_a_session_runs_no_longer_than_its_time(agent: Actor) -> None:
    session, code = asked(agent)
    assert ending.end_overdue() == 0
    with clock.at(clock.now() + codes.LIFE + timedelta(seconds=1)):
        with pytest.raises(CodeInvalid):
            join(code)
        assert ending.end_overdue() == 1
    assert ended(session) == ("ended", "unused")
    assert ending.forget_unused() == 0
    with clock.at(clock.now() + timedelta(days=2)):
        assert ending.forget_unused() == 1
    session = running(agent)
    assert ending.end_overdue() == 0
    later = clock.now() + timedelta(seconds=MINUTES)
    Session.objects.update(agent_seen_at=later, customer_seen_at=later)
    with clock.at(later):
        assert ending.end_overdue() == 1
    assert ended(session) == ("ended", "time")
    assert "remote.revoked" not in acts()


def test_a_session_that_one_side_left_without_a_word_is_lost(agent: Actor) -> None:
    session = running(agent)
    with clock.at(clock.now() + ending.UNSEEN + timedelta(seconds=1)):
        Session.objects.update(customer_seen_at=clock.now())
        assert ending.end_overdue() == 1
    assert ended(session) == ("ended", "lost")


@pytest.mark.again
def test_the_yes_ends_with_the_session_and_each_step_is_on_the_ledger(agent: Actor) -> None:
    session = running(agent)
    point(session, on=True)
    point(session, on=True)  # said again it changes nothing
    assert ending.end(session, by="customer")
    assert not ending.end(session, by="agent")
    said = [one for one in acts() if one.startswith("remote.")]
    wanted = ("asked", "joined", "accepted", "granted", "pointer", "revoked", "ended")
    assert sorted(said) == sorted(f"remote.{one}" for one in wanted)
    assert [*Choice.objects.order_by("at").values_list("decision", flat=True)] == [
        Choice.Decision.GIVEN,
        Choice.Decision.WITHDRAWN,
    ]
    with pytest.raises(SessionDenied):
        point(session, on=True)
    with pytest.raises(SessionDenied):
        grant(session, accepted=True)


def test_a_yes_that_is_taken_back_elsewhere_ends_it_at_once(agent: Actor) -> None:
    session = running(agent)
    person = session.person
    assert person is not None
    who = Actor("visitor", person.ref, person_id=person.pk)
    choose(person, actor=who, purpose="remote", yes=False, way="preferences")
    assert ended(session) == ("ended", "customer")


@pytest.mark.parametrize("helps", [True, False])
def test_a_session_ends_whatever_a_newer_policy_says(agent: Actor, helps: bool) -> None:
    session = running(agent)
    text = (POLICIES / "comantra.toml").read_text("utf-8")
    text = text.replace('version = "2011-10-06"', 'version = "2031-01-01"', 1)
    if helps:
        before, there, after = text.partition("[purposes.remote]")
        text = before + there + after.replace('"explicit-opt-in"', '"essential"', 1)
    else:
        text = text.replace('"remote.session"', '"remote.elsewhere"')
    publish(text, actor=Actor.system("tests"))
    asking.here([], None)(session)
    if helps:
        assert ending.end(session, by="customer")
    assert ended(session) == ("ended", "customer" if helps else "agent")
    assert bool([*console.waiting(SimpleNamespace(actor=agent))]) is helps


def test_what_was_done_is_written_before_there_is_another(agent: Actor) -> None:
    session = running(agent)
    ending.end(session, by="agent", actor=agent)
    with pytest.raises(UnnotedDenied):
        asked(agent)
    with pytest.raises(Invalid, match="empty"):
        ending.write_note(session, actor=agent, text="  ")
    ending.write_note(session, actor=agent, text="Looked at one setting.")
    asked(agent)


def test_whoever_is_erased_is_shown_no_more(agent: Actor) -> None:
    session = running(agent)
    assert session.person is not None
    with last_look(frozenset({session.person.pk}), "8.4"):
        ending.end_theirs(session.person)
    assert ended(session) == ("ended", "lost")


def test_who_has_no_ability_asks_for_nothing(agent: Actor) -> None:
    for wrong in (Actor("staff", agent.ref), Actor.visitor()):
        with pytest.raises(AbilityDenied):
            asked(wrong)
    with pytest.raises(Invalid):
        offer(actor=agent, ground="curiosity", seconds=MINUTES)
    with pytest.raises(Invalid):
        offer(actor=agent, ground="repair", seconds=7)


def test_another_organisation_has_none_of_it(company: Company, agent: Actor) -> None:
    session, code = asked(agent)
    other = Organisation.objects.create(slug="other", name="Other")
    with scope(other):
        publish((POLICIES / "comantra.toml").read_text("utf-8"), actor=Actor.system("tests"))
        with pytest.raises(CodeInvalid):
            join(code)
        assert not Session.objects.exists()
    joined, secret = join(code)
    assert held_by(session.ref, secret) == joined
    with scope(other), pytest.raises(SessionMissing):
        held_by(session.ref, secret)
    with pytest.raises(SessionMissing):
        held_by(session.ref, secret[::-1])
    assert code.encode() not in bytes(Session.objects.get().secret_digest or b"")


def test_guessing_is_slowed_down(company: Company, agent: Actor) -> None:
    asked(agent)
    browser = Client(raise_request_exception=False)
    tried = [browser.post("/help-session", {"code": f"{n:09}"}).status_code for n in range(11)]
    assert set(tried[:10]) == {422}
    assert tried[10] == 429


def test_servers_are_those_the_company_names(agent: Actor, monkeypatch: Any) -> None:
    session, _ = asked(agent)
    assert json.loads(ice.servers(session)) == []
    monkeypatch.setenv("TROTH_REMOTE_ICE", "stun:stun.example.org turn:relay.example.org:3478")
    monkeypatch.setenv("TROTH_REMOTE_TURN_SECRET", "between us")
    plain, relay = json.loads(ice.servers(session))
    assert plain == {"urls": ["stun:stun.example.org"]}
    assert relay["urls"] == ["turn:relay.example.org:3478"]
    assert int(relay["username"].partition(":")[0]) > clock.now().timestamp() + MINUTES
    assert relay["credential"]
    ending.end(session, by="agent", actor=agent)
    assert json.loads(ice.servers(session)) == []  # its page would give new ones for ever
    session, _ = asked(agent)
    monkeypatch.setenv("TROTH_REMOTE_ICE", "https://elsewhere.example")
    with pytest.raises(Invalid):
        ice.servers(session)


def test_lengths_are_the_companys_and_bounded(company: Company, monkeypatch: Any) -> None:
    monkeypatch.setenv("TROTH_REMOTE_MINUTES", "5, 0.5 100000")
    assert list(offering.lengths()) == [30, 300, offering.MOST]


def test_frames_between_processes_are_closed(company: Company) -> None:
    frame = json.dumps({"t": "signal", "data": "v=0\r\n" * 1500})
    box = carrying.closed(frame)
    assert box is not None
    assert "v=0" not in box
    assert carrying.opened(box) == frame
    assert carrying.opened(box[:-4] + "AAA=") is None
    assert carrying.opened("nothing") is None
