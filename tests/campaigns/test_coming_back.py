"""What comes back by SMTP: bounces, complaints, and people who want no more."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import transaction
from django.test import Client

from campaigns.conftest import BOTH, STAFF, Company, send
from campaigns.sink import Sink
from support.installations import free_port
from troth.channels.campaigns import actions, queries
from troth.channels.campaigns.models import Copy, Undeliverable
from troth.channels.campaigns.sending import writing
from troth.core.actors import Actor
from troth.core.gate.collecting import collect
from troth.core.people.records import Given
from troth.hub.home import Home
from troth.kit.inbound import routes, spool
from troth.kit.inbound.server import Receiver

DOMAIN = "mail.harbour.example"


@pytest.fixture(autouse=True)
def mailbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Bounces come to an address of ours, and are kept in a folder of the test's own."""
    monkeypatch.setenv("TROTH_INBOUND_DOMAIN", DOMAIN)
    monkeypatch.setattr(settings, "HOME", Home(tmp_path / "home"))
    writing._written.cache_clear()
    yield
    writing._written.cache_clear()


@pytest.fixture
def server() -> Iterator[int]:
    """The SMTP server alone; tests deal with what it kept in their own thread."""
    controller = Controller(Receiver(), hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller.port
    controller.stop()


def deliver(port: int, to: str, message: EmailMessage | bytes) -> None:
    raw = message if isinstance(message, bytes) else message.as_bytes()
    with smtplib.SMTP("127.0.0.1", port) as client:
        client.sendmail("mailer-daemon@elsewhere.example", [to], raw)
    for path in spool.waiting():
        assert spool.deal(path, {})


def dsn(action: str, status: str) -> bytes:
    return (
        "From: mailer-daemon@elsewhere.example\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; mx.elsewhere.example\r\n\r\n"
        f"Final-Recipient: rfc822; p0@people.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        "\r\n--b--\r\n"
    ).encode()


def arf(message_id: str) -> bytes:
    return (
        "From: fbl@elsewhere.example\r\nSubject: complaint\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nA complaint.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        "Feedback-Type: abuse\r\nUser-Agent: Loop/1\r\nVersion: 1\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: {message_id}\r\nSubject: The new pier\r\n\r\nDear friend\r\n--b--\r\n"
    ).encode()


def put_aside() -> list[bytes]:
    """What nobody could deal with."""
    return [spool.read(path)[2] for path in spool.aside()]


def return_path(sink: Sink, address: str) -> str:
    return next(path for to, _, path in sink.taken if to == address)


@BOTH
def test_a_hard_bounce_suppresses_the_address(company: Company, sink: Sink, server: int) -> None:
    company.people(3)
    campaign = company.campaign()
    send()
    back = return_path(sink, "p0@people.example")
    assert back.startswith("bounce-")
    assert back.endswith("@" + DOMAIN)
    deliver(server, back, dsn("failed", "5.1.1"))
    deliver(server, return_path(sink, "p1@people.example"), dsn("delayed", "4.4.1"))
    copies = {copy.state: copy for copy in Copy.objects.filter(campaign=campaign)}
    assert copies["bounced"].code == "5.1.1"
    assert queries.progress(campaign).states == {"accepted": 2, "bounced": 1}
    assert Copy.objects.get(reason="delayed").code == "4.4.1"
    again = company.campaign()
    found = queries.explain(again)
    assert (found.gets, {line.reason: line.count for line in found.lines}) == (2, {"suppressed": 1})
    send()
    assert sink.counts() == {f"p{n}@people.example": 1 + (n > 0) for n in range(3)}
    assert put_aside() == []


def test_a_letter_that_is_put_off_has_not_come_back(
    company: Company, sink: Sink, server: int
) -> None:
    company.people(2)
    actions.limit_soft_bounces(actor=STAFF, most=2, days=10)
    for number in range(2):
        sink.taken.clear()
        company.campaign(name=f"Pier {number}")
        send()
        deliver(server, return_path(sink, "p0@people.example"), dsn("delayed", "4.4.1"))
        deliver(server, return_path(sink, "p1@people.example"), dsn("failed", "4.2.2"))
    after = queries.explain(company.campaign(name="After"))
    assert after.gets == 1, "two that came back for a full mailbox end it, two delays do not"
    assert Copy.objects.filter(state="bounced").count() == 2


def test_an_address_that_is_none_gets_no_notice_although_it_had_complained(
    company: Company, sink: Sink, server: int
) -> None:
    company.people(1)
    company.campaign()
    send()
    deliver(server, f"fbl@{DOMAIN}", arf(str(sink.message("p0@people.example")["Message-ID"])))
    [undeliverable] = Undeliverable.objects.all()
    assert undeliverable.reason == "complained"
    for _ in range(2):
        deliver(server, return_path(sink, "p0@people.example"), dsn("failed", "5.1.1"))
    [undeliverable] = Undeliverable.objects.all()
    assert undeliverable.reason == "bounced", "not even a notice of the service goes there"
    assert Copy.objects.get().state == "complained"


def test_complaints_are_a_no_and_too_many_stop_everything(
    company: Company, sink: Sink, server: int
) -> None:
    company.people(5)
    company.campaign()
    send()
    for number in range(3):
        identity = str(sink.message(f"p{number}@people.example")["Message-ID"])
        deliver(server, f"fbl@{DOMAIN}", arf(identity))
    assert Copy.objects.filter(state="complained").count() == 3
    assert queries.conduct().cause == "complaints"
    after = company.campaign(name="Next")
    assert queries.explain(after).gets == 2
    send(rounds=3)
    assert len(sink.taken) == 5, "all is stopped"
    actions.release(actor=STAFF)
    send()
    assert len(sink.taken) == 7
    assert sink.counts()["p0@people.example"] == 1


@pytest.mark.parametrize(
    ("to", "text", "leaves"),
    [
        ("unsubscribe", "", True),
        ("reply", "Please unsubscribe me, thank you.\n\n> the new pier\n", True),
        ("reply", "UNSUBSCRIBE", True),
        ("reply", "I could not unsubscribe last year; when does the pier open?", False),
    ],
)
def test_a_mail_is_enough_to_leave(
    company: Company, sink: Sink, server: int, to: str, text: str, leaves: bool
) -> None:
    company.people(1)
    company.campaign()
    send()
    answer = EmailMessage()
    answer["Subject"] = "Re: The new pier"
    answer.set_content(text)
    back = return_path(sink, "p0@people.example").replace("bounce-", f"{to}-")
    deliver(server, back, answer)
    assert queries.explain(company.campaign(name="Next")).gets == (0 if leaves else 1)
    assert len(put_aside()) == (0 if leaves else 1)


def test_mail_for_nobody_is_refused_and_poison_is_kept(
    company: Company, server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with smtplib.SMTP("127.0.0.1", server) as client, pytest.raises(smtplib.SMTPRecipientsRefused):
        client.sendmail("a@x.example", ["nobody@mail.harbour.example"], b"hello")

    def poison(mail: Any) -> None:
        raise RuntimeError(mail.content)

    routes.receive_at("poison", poison)
    with smtplib.SMTP("127.0.0.1", server) as client:
        client.sendmail("a@x.example", ["poison@mail.harbour.example"], b"Subject: secret\r\n\r\nx")
    monkeypatch.setattr(spool, "WAIT", 0)
    due: dict[str, float] = {}
    for count in range(spool.TRIES):
        [path] = spool.waiting()
        assert spool.tried(path) == count
        assert not spool.deal(path, due)
    [kept] = spool.aside()
    assert b"secret" not in kept.read_bytes()
    assert b"secret" in spool.read(kept)[2]


def test_one_click_acts_and_looking_does_not(company: Company, sink: Sink) -> None:
    company.people(2)
    company.campaign()
    send()
    header = str(sink.message("p0@people.example")["List-Unsubscribe"])
    path = header.split("<")[1].split(">", maxsplit=1)[0].partition("//")[2].partition("/")[2]
    client = Client(enforce_csrf_checks=True)
    looked = client.get(f"/{path}", secure=True)
    assert looked.status_code == 200
    assert queries.explain(company.campaign(name="B")).gets == 2
    clicked = client.post(f"/{path}", {"List-Unsubscribe": "One-Click"}, secure=True)
    assert (clicked.status_code, clicked.cookies) == (200, {})
    assert queries.explain(company.campaign(name="C")).gets == 1
    assert client.post("/campaigns/unsubscribe/1-" + "0" * 20, secure=True).status_code == 404


def test_a_providers_webhook_counts_when_it_is_signed(
    company: Company, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.people(2)
    campaign = company.campaign()
    send()
    identity = str(sink.message("p1@people.example")["Message-ID"]).strip("<>")
    event = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "MessageID": identity,
        "Email": "p1@people.example",
    }
    client = Client()
    where = "/campaigns/webhooks/postmark"

    def post(**headers: str) -> int:
        answer = client.post(
            where, event, content_type="application/json", secure=True, headers=headers
        )
        return answer.status_code

    assert post() == 404, "no secret is set, so nothing is taken"
    monkeypatch.setattr(settings, "ANYMAIL", {"WEBHOOK_SECRET": "ada:lovelace"})
    assert post() == 400
    assert queries.progress(campaign).states == {"accepted": 2}
    assert post(Authorization="Basic YWRhOmxvdmVsYWNl") == 200
    assert queries.progress(campaign).states == {"accepted": 1, "bounced": 1}


def test_opens_are_counted_for_those_who_agreed_alone(company: Company, sink: Sink) -> None:
    agreed, _ = company.people(2)
    _agree(company, agreed)
    campaign = company.campaign()
    send()
    bodies = {}
    for number in range(2):
        part = sink.message(f"p{number}@people.example").get_body(("html",))
        assert part is not None
        bodies[number] = part.get_content()
    assert "/campaigns/open/" in bodies[0]
    assert "/campaigns/click/" in bodies[0]
    assert "/campaigns/open/" not in bodies[1]
    assert 'href="https://harbour.example/pier"' in bodies[1]
    pixel = bodies[0].split('<img src="')[1].split('"')[0].partition("//")[2].partition("/")[2]
    client = Client()
    assert client.get(f"/{pixel}", secure=True).status_code == 200
    assert queries.subjects_compared(campaign)["a"]["opened"] == 1
    link = next(part for part in bodies[0].split('href="') if "/campaigns/click/" in part)
    path = link.split('"')[0].partition("//")[2].partition("/")[2]
    answer = client.get(f"/{path}", secure=True)
    assert answer["Location"] == "https://harbour.example/pier"
    forged = path.partition("?")[0] + "?to=https://evil.example"
    assert client.get(f"/{forged}", secure=True).status_code == 404
    company.says(agreed, "mail-statistics", yes=False)
    Copy.objects.update(opened_at=None)
    client.get(f"/{pixel}", secure=True)
    assert queries.subjects_compared(campaign)["a"]["opened"] == 0


def _agree(company: Company, person: Any) -> None:
    """The touchpoint gives the permit; the yes opens it."""
    given = [Given("email", "user.contact.email", "p0@people.example")]
    with (
        transaction.atomic(),
        collect(
            actor=Actor.visitor(), touchpoint="campaigns.open", data=["user.contact.email"]
        ) as c,
    ):
        c.hold(person, given)
    company.says(person, "mail-statistics", yes=True)
