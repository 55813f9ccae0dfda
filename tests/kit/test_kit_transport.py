"""Delivery to a real mail server on loopback, with every answer it may give."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from support.installations import free_port
from troth.kit.mail import Transport, build

SENDER = "desk@northwind.example"


class Server:
    """Answers by the recipient's name, counts connections, keeps what it took."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []
        self.greetings = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, lines: list[str]
    ) -> list[str]:
        self.greetings += 1
        session.host_name = hostname
        return lines

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answers = {
            "unknown": f"550 5.1.1 <{address}>: user unknown, says unknown",
            "full": "452 4.2.2 Mailbox full",
            "later": f"421 4.3.0 {address} closing",
        }
        answer = answers.get(address.partition("@")[0], "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content or b""
        assert isinstance(content, bytes)
        if b"poison" in content:
            return "554 5.7.1 This message is not wanted"
        self.taken.append((envelope.rcpt_tos[0], content))
        return "250 2.0.0 Taken"


@pytest.fixture
def server() -> Iterator[tuple[Server, Controller]]:
    handler = Server()
    controller = Controller(
        handler, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True, server_hostname="mx"
    )
    controller.start()
    yield handler, controller
    if controller.server is not None:
        controller.stop()


@pytest.fixture
def transport(server: tuple[Server, Controller]) -> Iterator[Transport]:
    found = Transport("127.0.0.1", server[1].port, timeout=5)
    yield found
    found.close()


def message(to: str = "ada@home.example", body: str = "Hello") -> EmailMessage:
    return build(sender=SENDER, to=to, subject="Hello", body=body)


def test_many_messages_take_one_connection(
    server: tuple[Server, Controller], transport: Transport
) -> None:
    for n in range(5):
        to = f"ada{n}@home.example"
        outcome = transport.deliver(message(to), sender=SENDER, to=to)
        assert (outcome.state, outcome.code, outcome.words) == ("accepted", 250, "2.0.0 Taken")
    assert [to for to, _ in server[0].taken] == [f"ada{n}@home.example" for n in range(5)]
    assert server[0].greetings == 1


@pytest.mark.parametrize(
    ("name", "state", "code"),
    [("unknown", "refused", 550), ("full", "deferred", 452), ("later", "deferred", 421)],
)
def test_an_answer_is_passed_on_without_the_address(
    transport: Transport, name: str, state: str, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    to = f"{name}@secret.example"
    outcome = transport.deliver(message(to), sender=SENDER, to=to)
    assert (outcome.state, outcome.code) == (state, code)
    assert outcome.words
    assert "secret.example" not in outcome.words
    assert name not in outcome.words
    # What aiosmtpd, the other side, writes down is the other side's business.
    ours = [record for record in caplog.records if not record.name.startswith("mail.")]
    assert not any("secret.example" in record.getMessage() for record in ours)
    after = transport.deliver(message(), sender=SENDER, to="ada@home.example")
    assert after.state == "accepted"


def test_a_refused_message_leaves_the_connection_usable(
    server: tuple[Server, Controller], transport: Transport
) -> None:
    refused = transport.deliver(message(body="poison"), sender=SENDER, to="ada@home.example")
    assert (refused.state, refused.code) == ("refused", 554)
    assert transport.deliver(message(), sender=SENDER, to="ada@home.example").state == "accepted"
    assert server[0].greetings == 1


def test_a_connection_the_server_dropped_is_opened_again(
    server: tuple[Server, Controller], transport: Transport
) -> None:
    handler, first = server
    assert transport.deliver(message(), sender=SENDER, to="ada@home.example").state == "accepted"
    first.stop()
    second = Controller(handler, hostname="127.0.0.1", port=first.port)
    second.start()
    try:
        again = transport.deliver(message(), sender=SENDER, to="ada@home.example")
        assert again.state == "accepted"
        assert len(handler.taken) == 2
    finally:
        transport.close()
        second.stop()


def test_no_server_is_a_delay_and_no_exception() -> None:
    outcome = Transport("127.0.0.1", free_port(), timeout=1).deliver(
        message(), sender=SENDER, to="ada@home.example"
    )
    assert (outcome.state, outcome.code) == ("deferred", 0)
    assert "could not be reached" in outcome.words


def test_a_server_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        outcome = Transport("127.0.0.1", port, timeout=0.3).deliver(
            message(), sender=SENDER, to="ada@home.example"
        )
    assert outcome.state == "deferred"


def test_with_tls_asked_nothing_goes_in_clear(server: tuple[Server, Controller]) -> None:
    asked = Transport("127.0.0.1", server[1].port, tls="starttls", timeout=5)
    outcome = asked.deliver(message(), sender=SENDER, to="ada@home.example")
    assert outcome.state == "deferred"
    assert not server[0].taken


def test_letters_beyond_ascii_arrive(
    server: tuple[Server, Controller], transport: Transport
) -> None:
    to = "\u0430\u0434a@home.example"
    outcome = transport.deliver(message(to), sender=SENDER, to=to)
    assert outcome.state == "accepted"
    assert server[0].taken[0][0] == to


def test_lines_that_begin_with_a_dot_arrive_whole(
    server: tuple[Server, Controller], transport: Transport
) -> None:
    body = "one\n\n.\n\n..two"
    transport.deliver(message(body=body), sender=SENDER, to="ada@home.example")
    assert b"\r\n..two" in server[0].taken[0][1]


def test_a_child_process_opens_a_connection_of_its_own(
    server: tuple[Server, Controller], transport: Transport
) -> None:
    transport.deliver(message(), sender=SENDER, to="ada@home.example")
    transport._process = os.getpid() + 1  # as a fork would find it
    assert transport.deliver(message(), sender=SENDER, to="ada@home.example").state == "accepted"
    assert server[0].greetings == 2
