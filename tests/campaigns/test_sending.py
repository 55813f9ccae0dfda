"""A campaign from its draft to the sink: who gets it, what it says, and who is left out."""

from __future__ import annotations

from email.message import EmailMessage

import dkim
import pytest

from campaigns.conftest import BOTH, POLICY, STAFF, Company, send
from campaigns.sink import Sink
from troth.channels.campaigns import actions, keys, queries
from troth.channels.campaigns.freezing import freeze
from troth.channels.campaigns.models import Campaign, Copy, Pace
from troth.channels.campaigns.sending import pacing
from troth.core import clock
from troth.core.actors import Actor
from troth.core.choices.deciding import choose, refuse_solicitation
from troth.core.errors import Denied, Invalid, Refusal
from troth.core.gate.models import Stance
from troth.core.gate.permits import settle
from troth.core.notices.publish import publish
from troth.core.notices.versions import current
from troth.core.people.models import Person


@BOTH
def test_a_campaign_reaches_the_allowed_and_nobody_else(company: Company, sink: Sink) -> None:
    people = company.people(5)
    company.says(people[0], "news", yes=False)
    refuse_solicitation(people[1], actor=STAFF, refused=True, way="tests")
    company.person("quiet@people.example", at="forms.quiet")
    campaign = company.campaign(subject="For {{ name }}")
    found = queries.explain(campaign)
    assert (found.total, found.gets) == (6, 3)
    assert {line.reason: (line.count, line.clause) for line in found.lines} == {
        "refused": (1, "1.2"),
        "no-solicitation": (1, "1.2"),
        "not-collected-for": (1, "1.2"),
    }
    send()
    assert sink.counts() == {f"p{n}@people.example": 1 for n in (2, 3, 4)}
    assert queries.by_ref(campaign.ref).state == Campaign.State.DONE
    assert queries.progress(campaign).states == {"accepted": 3}
    assert sink.connections == 1
    message = sink.message("p3@people.example")
    assert message["Subject"] == "For Person 3"
    for kind in ("plain", "html"):
        text = _body(message, kind)
        assert "Person 3" in text
        assert "/campaigns/unsubscribe/" in text
        assert "/preferences/" in text


def test_signature_and_headers_hold_for_somebody_elses_verifier(
    company: Company, sink: Sink
) -> None:
    company.person("zoe@people.example", name="Zoë\r\nBcc: <evil@x.example> “Q”")
    company.campaign(subject="Für {{ name }}", sender_name="Hafen ⚓")
    send()
    [(_, raw, _)] = sink.taken
    name, text = keys.signer("harbour.example").record()
    found = dkim.DKIM(raw)
    assert found.verify(dnsfunc=lambda asked, timeout=5: text.encode())
    assert name == "troth._domainkey.harbour.example"
    signed = _signed(raw)
    assert {"list-unsubscribe", "list-unsubscribe-post", "from", "to", "subject"} <= signed
    message = sink.message("zoe@people.example")
    assert message["Bcc"] is None
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "mailto:" in message["List-Unsubscribe"]
    assert "https://" in message["List-Unsubscribe"] or "http://" in message["List-Unsubscribe"]
    assert message["Subject"].startswith("Für Zoë")
    assert not dkim.DKIM(raw.replace(b"one-click", b"x").replace(b"One-Click", b"None")).verify(
        dnsfunc=lambda asked, timeout=5: text.encode()
    )


@BOTH
def test_a_no_that_comes_meanwhile_stops_the_copy(company: Company, sink: Sink) -> None:
    people = company.people(3)
    campaign = company.campaign()
    assert freeze(campaign) == 3
    company.says(people[1], "news", yes=False)
    send()
    assert "p1@people.example" not in sink.counts()
    dropped = Copy.objects.get(campaign=campaign, person=people[1])
    assert (dropped.state, dropped.reason) == ("dropped", "refused")


def test_what_cannot_be_done_is_refused_in_words(company: Company, sink: Sink) -> None:
    with pytest.raises(actions.Invalid):
        company.draft(name=" ")
    campaign = company.draft()
    with pytest.raises(actions.Denied, match="You cannot pause it: the campaign is a draft"):
        actions.pause(campaign, actor=STAFF)


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def _signed(raw: bytes) -> set[str]:
    header = raw.decode().split("h=", 1)[1].split(";", 1)[0]
    return {name.strip() for name in header.split(":")}


@BOTH
def test_reasons_and_segments_are_counted_once_each(company: Company, sink: Sink) -> None:
    people = company.people(6)
    Person.objects.filter(pk=people[0].pk).update(restricted_at=clock.now())
    settle(people[0].pk, current().rules)
    company.says(people[1], "offers", yes=True)
    company.says(people[2], "offers", yes=True)
    company.says(people[2], "news", yes=False)
    segment = [{"by": "choice", "purpose": "offers"}, {"by": "permitted", "purpose": "offers"}]
    found = queries.explain(company.draft(segment=segment))
    lines = {line.reason: (line.count, line.clause) for line in found.lines}
    assert lines == {"restricted": (1, "5.2"), "refused": (1, "1.2"), "not-in-segment": (3, "")}
    assert found.total == found.gets + sum(line.count for line in found.lines) == 6
    offers = queries.explain(company.draft(purpose="offers"))
    reasons = {line.reason: line.count for line in offers.lines}
    assert (offers.gets, reasons) == (2, {"restricted": 1, "no-opt-in": 3})
    condition = actions.equals(actor=STAFF, purpose="news", category="user.name", text=" person 4 ")
    assert "4" not in condition.values()
    campaign = company.campaign(segment=[condition])
    send()
    assert sink.counts() == {"p4@people.example": 1}
    assert queries.progress(campaign).total == 1


@pytest.mark.clause("com1-31")
def test_a_moderated_campaign_waits_and_comes_back_with_a_reason(
    company: Company, sink: Sink
) -> None:
    company.people(1)
    actions.require_moderation(actor=STAFF, needed=True)
    campaign = company.campaign()
    assert campaign.state == "waiting"
    send(rounds=2)
    assert not sink.taken
    with pytest.raises(Invalid, match="ground of the policy"):
        actions.reject(campaign, actor=STAFF, ground="taste", reason="I like it not.")
    actions.reject(campaign, actor=STAFF, ground="spam-prevention", reason="Too many offers.")
    campaign = actions.revise(queries.by_ref(campaign.ref), actor=STAFF)
    assert (campaign.state, campaign.reason) == ("draft", "Too many offers.")
    writer = Actor("staff", "a" * 32, abilities=frozenset({"mail.send", "mail.write"}))
    campaign = actions.submit(campaign, actor=writer)
    with pytest.raises(Denied, match="role"):
        actions.approve(campaign, actor=writer)
    actions.approve(campaign, actor=STAFF)
    send()
    assert len(sink.taken) == 1


def test_the_pace_is_one_for_all_processes(
    company: Company, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TROTH_CAMPAIGNS_PER_SECOND", "4")
    assert pacing.take(10) == 4
    assert pacing.take(10) == 0
    pacing.give_back(2)
    assert pacing.take(10) == 2
    monkeypatch.setenv("TROTH_CAMPAIGNS_PER_DOMAIN_PER_SECOND", "1")
    first = pacing.take_of_domains({"big.example": 5, "small.example": 1})
    assert first == {"big.example": 1, "small.example": 1}
    assert pacing.take_of_domains({"BIG.example": 5}) == {"BIG.example": 0}
    stored = b"".join(bytes(row.key) for row in Pace.objects.all())
    assert b"example" not in stored


def test_what_waits_can_be_paused_and_cancelled(company: Company, sink: Sink) -> None:
    company.people(2)
    campaign = company.campaign()
    freeze(campaign)
    actions.pause(campaign, actor=STAFF)
    send(rounds=2)
    actions.resume(campaign, actor=STAFF)
    actions.cancel(campaign, actor=STAFF)
    send(rounds=2)
    assert not sink.taken
    with pytest.raises(Denied, match="was cancelled"):
        actions.resume(campaign, actor=STAFF)


@pytest.mark.parametrize(
    ("purpose", "body", "says"),
    [
        ("support", "hello", "cannot be for"),
        ("news", "{{ birthday }}", "may not stand in this campaign"),
        ("news", "[x](https://x.example/{{ name }})", "inside an address"),
        ("news", '<a href="https://x.example/{{ name }}">x</a>', "inside an address"),
        ("news", "{% now %}", "no slot"),
    ],
)
def test_what_may_not_be_written_is_refused_when_it_is_saved(
    company: Company, purpose: str, body: str, says: str
) -> None:
    markup = "html" if body.startswith("<") else "markdown"
    with pytest.raises(Refusal, match=says) as refused:
        company.draft(purpose=purpose, body=body, format=markup)
    if "cannot" in says or "stand" in says:
        assert refused.value.clause


def test_whoever_is_left_out_is_counted_under_what_holds_them(company: Company) -> None:
    people = company.people(7)
    company.says(people[0], "news", yes=False)
    for person in people[1:3]:
        choose(person, actor=STAFF, purpose=Stance.COLLECTION, yes=False, way="tests")
    refuse_solicitation(people[2], actor=STAFF, refused=True, way="tests", manner="email")
    refuse_solicitation(people[3], actor=STAFF, refused=True, way="tests", manner="phone")
    company.says(people[4], "offers", yes=False)
    company.says(people[5], "offers", yes=True)
    clauses = POLICY.replace('kind = "restriction"', 'kind = "objection"')
    publish(clauses.replace('version = "1"', 'version = "2"'), actor=STAFF)

    def lines(purpose: str) -> dict[str, tuple[int, str]]:
        found = queries.explain(company.draft(purpose=purpose))
        assert found.total == found.gets + sum(line.count for line in found.lines) == 7
        return {line.reason: (line.count, line.clause) for line in found.lines}

    assert lines("news") == {
        "refused": (1, "1.2"),
        "only-necessary": (1, "5.2"),
        "no-solicitation": (1, "5.2"),
    }
    assert lines("offers") == {
        "refused": (1, "1.3"),
        "only-necessary": (1, "5.2"),
        "no-solicitation": (1, "5.2"),
        "no-opt-in": (3, "1.3"),
    }
