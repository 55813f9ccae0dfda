"""Agents hear of a new state at their own address, over TLS, and nowhere else."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.test import Client

from support.askers import Company, Customer, Mails, work
from troth.channels.agents.api import call_back
from troth.channels.agents.calling_back import post
from troth.channels.agents.entering import enter
from troth.channels.agents.models import Exercise
from troth.channels.rights.api import receive
from troth.core import clock
from troth.core.actors import Actor
from troth.core.rights.api import Content

SYSTEM = Actor.system("tests")


@dataclass
class Listener:
    """An agent's server: what it heard, and what it answers."""

    url: str = ""
    heard: list[dict[str, Any]] = field(default_factory=list)
    answer: int = 200


def _certificate(path: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "agent")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def listener(tmp_path: Path, settings: Any, company: Company) -> Iterator[Listener]:
    found = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            found.heard.append(json.loads(raw))
            self.send_response(found.answer)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    path = _certificate(tmp_path / "agent.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,)).start()
    found.url = f"https://127.0.0.1:{server.server_port}/status?agent=1"
    options = {**settings.HOME.options, "agents_local": "true", "agents_ca": str(path)}
    settings.HOME = replace(settings.HOME, options=options)
    yield found
    server.shutdown()
    server.server_close()


def exercise(company: Company, ada: Customer, callback: str) -> Exercise:
    """A request as an agent sent it."""
    key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    staff = Actor("staff", "0" * 32, abilities=frozenset({"staff.manage"}))
    agent = enter(key="ONE", name="One", verify_key=key, web_url="", vouches=True, actor=staff)
    content = Content(reply_to=ada.seed.email)
    request = receive("deletion", actor=SYSTEM, way="agent", content=content)
    return Exercise.objects.create(
        agent=agent, request=request, exercise="deletion", callback=callback
    )


def test_every_new_state_is_told_once_and_again_until_it_is_heard(
    company: Company, ada: Customer, owner: Client, mails: Mails, listener: Listener
) -> None:
    made = exercise(company, ada, listener.url)
    assert call_back() == 1
    work()
    assert [one["reason"] for one in listener.heard] == ["need_user_verification"]
    assert call_back() == 0, "nothing is new"
    listener.answer = 500
    page = f"/console/requests/{made.request.ref}/do"
    owner.post(page, {"do": "refuse", "reason": "fraud"})
    assert call_back() == 1
    work()
    assert call_back() == 0, "it rests a while"
    listener.answer = 200
    with clock.at(clock.now() + dt.timedelta(minutes=2)):
        assert call_back() == 1
        work()
        assert call_back() == 0
    assert [one.get("reason") for one in listener.heard[1:]] == ["suspected_fraud"] * 2
    assert "results_url" not in listener.heard[-1]


def test_a_call_that_was_given_up_is_listed_and_sent_again(
    company: Company, ada: Customer, owner: Client, listener: Listener
) -> None:
    made = exercise(company, ada, listener.url)
    page = "/console/agents/"
    listener.answer = 500
    assert "Could not be told" not in owner.get(page).content.decode()
    for tries in range(1, 9):
        with clock.at(clock.now() + dt.timedelta(days=3 * tries)):
            assert call_back() == 1
            work()
    with clock.at(clock.now() + dt.timedelta(days=90)):
        assert call_back() == 0, "it is given up"
    assert len(listener.heard) == 8
    listed = owner.get(page).content.decode()
    assert "Could not be told" in listed
    assert f"/console/requests/{made.request.ref}" in listed
    again = f"/console/agents/calls/{made.pk}"
    assert again in listed
    listener.answer = 200
    assert owner.post(again)["Location"] == page
    assert call_back() == 1
    work()
    assert len(listener.heard) == 9
    assert "Could not be told" not in owner.get(page).content.decode()
    assert owner.post(again).status_code == 404, "nothing waits any more"


def test_an_agent_cannot_make_us_call_our_own_machines(
    company: Company, listener: Listener, settings: Any
) -> None:
    options = {**settings.HOME.options, "agents_local": "false"}
    settings.HOME = replace(settings.HOME, options=options)
    assert not post(listener.url, {})
    assert not post(listener.url.replace("https", "http"), {})
    assert not post("https://", {})
    assert listener.heard == []


def test_a_certificate_nobody_vouches_for_is_not_trusted(
    company: Company, listener: Listener, settings: Any
) -> None:
    options = {**settings.HOME.options, "agents_ca": ""}
    settings.HOME = replace(settings.HOME, options=options)
    assert not post(listener.url, {})
    assert listener.heard == []


def test_a_state_that_is_new_is_told_although_the_one_before_was_given_up(
    company: Company, ada: Customer, owner: Client, listener: Listener
) -> None:
    made = exercise(company, ada, listener.url)
    listener.answer = 500
    for tries in range(1, 9):
        with clock.at(clock.now() + dt.timedelta(days=3 * tries)):
            call_back()
            work()
    listener.answer = 200
    owner.post(f"/console/requests/{made.request.ref}/do", {"do": "refuse", "reason": "fraud"})
    assert call_back() == 1
    work()
    assert listener.heard[-1]["reason"] == "suspected_fraud"
    assert "Could not be told" not in owner.get("/console/agents/").content.decode()
    with clock.at(clock.now() + dt.timedelta(days=90)):
        assert call_back() == 0
