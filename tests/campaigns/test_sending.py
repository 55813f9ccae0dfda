"""A campaign from its draft to the sink: who gets it, what it says, and who is left out."""

from __future__ import annotations

from email.message import EmailMessage

import dkim
import pytest

from campaigns.conftest import STAFF, Company, send
from campaigns.sink import Sink
from troth.channels.campaigns import actions, keys, queries
from troth.channels.campaigns.freezing import freeze
from troth.channels.campaigns.models import Campaign, Copy
from troth.core.choices.deciding import refuse_solicitation


@pytest.mark.clause("comm100-06", "comantra-10", "comm100-47", "comintech-11")
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


@pytest.mark.clause("comantra-41")
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
