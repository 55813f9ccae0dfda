"""Whether a mail comes from where it says: SPF, DKIM and a front server's word."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dkim
import pytest
from django.conf import settings

from conversations.company import Company
from conversations.mailing.conftest import Mails, letter
from troth.channels.conversations import actions
from troth.channels.conversations.mailing import desks, incoming
from troth.channels.conversations.models import Conversation, Held, Message
from troth.hub.home import Home
from troth.kit.inbound import checking, spf
from troth.kit.inbound.letter import read
from troth.kit.inbound.resolving import LookupMissing
from troth.kit.inbound.routes import Mail
from troth.kit.mail.dkim import Signer, new_key
from troth.kit.mail.signing import signer

MATCH: Any = re.match("", "")


class Zone:
    """What the DNS says in a test. `away` names get no answer."""

    def __init__(self, *away: str, **records: list[str]) -> None:
        self.away, self.asked = away, list[tuple[str, str]]()
        self.records = {tuple(key.split(" ")): value for key, value in records.items()}

    def __call__(self, name: str, kind: str) -> Sequence[str]:
        self.asked.append((name, kind))
        if name in self.away:
            raise LookupMissing(name)
        return self.records.get((name, kind), [])


def zone(*away: str, **more: Any) -> Zone:
    found = Zone(*away)
    for key, value in more.pop("of", {}).items():
        name, _, kind = key.partition(" ")
        found.records[name, kind or "TXT"] = [value] if isinstance(value, str) else value
    return found


@pytest.mark.parametrize(
    ("record", "address", "result"),
    [
        ("v=spf1 ip4:192.0.2.0/24 -all", "192.0.2.9", "pass"),
        ("v=spf1 ip4:192.0.2.0/24 -all", "198.51.100.1", "fail"),
        ("v=spf1 ip6:2001:db8::/32 ~all", "2001:db8::1", "pass"),
        ("v=spf1 ip6:2001:db8::/32 ~all", "192.0.2.9", "softfail"),
        ("v=spf1 a -all", "192.0.2.1", "pass"),
        ("v=spf1 a:other.example/24 -all", "203.0.113.77", "pass"),
        ("v=spf1 mx -all", "192.0.2.2", "pass"),
        ("v=spf1 mx//64 -all", "2001:db8:0:2::77", "pass"),
        ("v=spf1 include:other.example -all", "203.0.113.5", "pass"),
        ("v=spf1 include:other.example ?all", "192.0.2.9", "neutral"),
        ("v=spf1 redirect=other.example", "203.0.113.5", "pass"),
        ("v=spf1 redirect=nothing.example", "203.0.113.5", "permerror"),
        ("v=spf1 exists:%{ir}.%{l1r-}.list.example -all", "192.0.2.9", "pass"),
        ("v=spf1 include:loop.example -all", "192.0.2.9", "permerror"),
        ("v=spf1 a:v1.example a:v2.example a:v3.example -all", "192.0.2.9", "permerror"),
        ("v=spf1 include:away.example -all", "192.0.2.9", "temperror"),
        ("v=spf1 ip4:nonsense -all", "192.0.2.9", "permerror"),
        ("v=spf1 nonsense -all", "192.0.2.9", "permerror"),
        ("v=spf1 unknown=x ptr -all", "192.0.2.9", "fail"),
        ("v=spf10 -all", "192.0.2.9", "none"),
        ("v=spf1", "::ffff:192.0.2.9", "neutral"),
    ],
)
def test_spf_gives_what_the_record_says(record: str, address: str, result: str) -> None:
    dns = zone(
        "away.example",
        of={
            "a.example": record,
            "a.example A": ["192.0.2.1"],
            "a.example MX": ["mx.a.example"],
            "mx.a.example A": ["192.0.2.2"],
            "mx.a.example AAAA": ["2001:db8:0:2::1"],
            "other.example": "v=spf1 ip4:203.0.113.0/24 -all",
            "other.example A": ["203.0.113.1"],
            "loop.example": "v=spf1 include:loop.example -all",
            "9.2.0.192.mary.list.example A": ["127.0.0.2"],
        },
    )
    peer = ipaddress.ip_address(address)
    assert spf.check(peer, "a.example", "mary-x@a.example", look_up=dns) == result
    assert len(dns.asked) < 40


def signed(mail: bytes, by: Signer) -> bytes:
    """As dkimpy signs, with somebody's key."""
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - here alone

    key = serialization.load_der_private_key(by.der, None).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return bytes(dkim.sign(mail, by.selector.encode(), by.domain.encode(), key)) + mail


def came(content: bytes, *, peer: str = "192.0.2.9", sender: str = "mary@a.example") -> Mail:
    return Mail(sender, "support@x.example", content, MATCH, peer=peer, helo="mx.a.example")


def words(mail: Mail, dns: Zone) -> dict[str, str]:
    return checking.check(mail, read(mail.content), look_up=dns).words()


@pytest.fixture(scope="module")
def key() -> Signer:
    return Signer("a.example", "s1", new_key())


def test_dkim_and_alignment(key: Signer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "HOME", Home(tmp_path))
    monkeypatch.setattr(checking, "_spf", lambda mail, look_up: ("none", ""))
    name, text = key.record()
    dns = zone(of={name: text, "_dmarc.a.example": "v=DMARC1; p=reject"})
    plain = letter("Hello", sender="mary@a.example").as_bytes().replace(b"\n", b"\r\n")
    good = signed(plain, key)
    assert words(came(good), dns) == {"spf": "none", "dkim": "pass", "dmarc": "pass", "by": "own"}
    changed = good.replace(b"Hello", b"Hallo")
    assert words(came(changed), dns) == {
        "spf": "none",
        "dkim": "fail",
        "dmarc": "fail",
        "by": "own",
    }
    assert words(came(plain), dns) == {"spf": "none", "dkim": "none", "dmarc": "fail", "by": "own"}
    # A good signature of somebody else's says nothing about the domain in From.
    eve = Signer("evil.example", "s1", key.der)
    dns.records["s1._domainkey.evil.example", "TXT"] = [text]
    forged = words(came(signed(plain, eve)), dns)
    assert forged == {"spf": "none", "dkim": "pass", "dmarc": "fail", "by": "own"}
    silent = Zone(name, "_dmarc.a.example")
    assert words(came(good), silent)["dkim"] == "temperror"
    assert not checking.check(came(good), read(good), look_up=silent).forged, "no word, no verdict"


def test_spf_alone_may_vouch(key: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", Home(tmp_path))
    dns = zone(
        of={"a.example": "v=spf1 ip4:9.9.9.0/24 -all", "_dmarc.a.example": "v=DMARC1; p=reject"}
    )
    plain = letter("Hello", sender="mary@a.example").as_bytes()
    assert words(came(plain, peer="9.9.9.9"), dns)["dmarc"] == "pass"
    assert words(came(plain, peer="8.8.8.8"), dns) == {
        "spf": "fail", "dkim": "none", "dmarc": "fail", "by": "own",
    }  # fmt: skip
    behind = words(came(plain, peer="10.0.0.1"), dns)
    assert behind == {"dkim": "none", "by": "own"}, "a server of ours handed it in: nobody knows"


def test_asking_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "HOME", Home(tmp_path))
    monkeypatch.setattr(checking, "SECONDS", -1)
    dns = zone(of={"a.example": "v=spf1 -all"})
    plain = letter("Hello", sender="mary@a.example").as_bytes()
    assert words(came(plain, peer="9.9.9.9"), dns)["spf"] == "temperror"
    assert dns.asked == []


def test_a_front_servers_word_counts_and_nobody_elses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HOME", Home(tmp_path, {"inbound_trusted": "mx.ours.example"}))
    front = (
        "Authentication-Results: mx.ours.example 1; spf=softfail (a comment; dkim=pass)\n"
        " smtp.mailfrom=a.example; dkim=fail header.d=x.example; dkim=pass header.d=a.example;\n"
        " dmarc=fail (p=reject) header.from=a.example\n"
    )
    lie = "Authentication-Results: mx.ours.example; dmarc=pass; spf=pass\n"
    other = "Authentication-Results: mx.evil.example; dmarc=pass\n"
    rest = "From: mary@a.example\n\nHello"
    dns = zone()

    def said(text: str) -> dict[str, str]:
        return words(came(text.encode()), dns)

    assert said(front + lie + rest) == {
        "spf": "softfail", "dkim": "pass", "dmarc": "fail", "by": "front",
    }  # fmt: skip
    assert said(other + rest) == {"by": "front"}
    for trick in (
        "spf=none smtp.mailfrom=dmarc=pass@evil.example; dmarc=fail",
        'spf=none smtp.mailfrom="x; dmarc=pass; "@evil.example; dmarc=fail',
        "spf=none (; dmarc=pass;) smtp.mailfrom=x@evil.example; dmarc=fail",
        "spf=none (\\); dmarc=pass; ) smtp.mailfrom=x; dmarc=fail; dmarc=pass",
    ):
        assert said(f"Authentication-Results: mx.ours.example; {trick}\n{rest}")["dmarc"] == "fail"
    assert dns.asked == [], "nothing is asked where a server is trusted"


def test_a_forged_mail_of_a_participant_is_held(
    company: Company, mails: Mails, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = Home(settings.HOME.folder, {"inbound_trusted": "mx.ours.example"})
    monkeypatch.setattr(settings, "HOME", trusting)
    mails.deliver(letter(Authentication_Results="mx.ours.example; dmarc=pass"))
    ticket = Conversation.objects.get()
    assert Message.objects.get().checked == {"dmarc": "pass", "by": "front"}
    mails.deliver(
        letter(
            "Send it to my new address",
            subject=f"[#{ticket.number}]",
            Authentication_Results="mx.ours.example; dmarc=fail",
        )
    )
    assert [held.why for held in Held.objects.all()] == ["forged"]
    mails.carry()
    mails.deliver(
        letter("New", sender="x@b.example", Authentication_Results="mx.ours.example; dmarc=fail")
    )
    assert Conversation.objects.count() == 2
    assert mails.carry() == [], "an acknowledgement would go to whoever was named falsely"


def test_what_leaves_is_signed(company: Company, mails: Mails) -> None:
    mails.deliver(letter())
    ticket = Conversation.objects.get()
    actions.take(ticket, actor=company.actor("ann"), revision=None)
    long = "Ein Gruß. " * 30 + "\n\n  indented \n.\nFrom here\n" + "x" * 200
    actions.write(
        ticket, actor=company.actor("ann"), side="staff", text=long, client_id=incoming.UUID(int=3)
    )
    name, text = signer(desks.domain()).record()
    got = mails.carry()
    assert len(got) == 2
    for received in got:
        assert dkim.verify(received.raw, dnsfunc=lambda asked, timeout=5: text.encode())
    assert name.startswith("troth._domainkey.")
    bodies = [one.message.get_content().replace("\r\n", "\n").rstrip("\n") for one in got]
    assert long in bodies
