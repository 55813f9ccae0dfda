"""The tests' mail server keeps what it is sent."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

from support.mail import Mailbox


def test_a_message_arrives(smtp: Mailbox) -> None:
    message = EmailMessage()
    message["Subject"] = "Grüße"
    message.set_content("Hello")
    with smtplib.SMTP(smtp.host, smtp.port) as client:
        client.send_message(message, "shop@troth.example", ["ada@troth.example"])
    (received,) = smtp.wait()
    assert received.recipients == ["ada@troth.example"]
    assert received.message["Subject"] == "Grüße"
    assert received.message.get_content().strip() == "Hello"
