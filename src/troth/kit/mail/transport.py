"""Delivery over SMTP (RFC 5321), on one connection that is kept.

No address and no word of a message is ever in an exception, a log line or an outcome: what the
server says is passed on without them.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8, EmailPolicy
from functools import cache
from typing import Literal

from django.conf import settings

State = Literal["accepted", "deferred", "refused"]
_ADDRESS = re.compile(r"\S+@\S+")
_WORDS = 300
_ACCEPTED, _DEFERRED, _CLOSING = 2, 4, 421
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message: accepted, deferred (try later) or refused (do not).

    `code` is the server's reply code, 0 if it gave none; `words` are its words.
    """

    state: State
    code: int
    words: str


class Transport:
    """A mail server to hand messages to. Safe between threads; one message at a time."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        user: str = "",
        password: str = "",
        tls: Literal["", "starttls", "implicit"] = "",
        timeout: float = 20.0,
        greeting: str = "localhost",
    ) -> None:
        """`timeout` in seconds for each step. With `tls` nothing is ever sent in clear."""
        self.host, self.port, self.timeout, self.greeting = host, port, timeout, greeting
        self._login, self._tls = (user, password), tls
        self._lock = threading.Lock()
        self._smtp: smtplib.SMTP | None = None
        self._process = 0

    def deliver(self, message: EmailMessage, *, sender: str, to: str) -> Outcome:
        """Hand one message over for one recipient; never raises for what a server or net does.

        After the words of a message have been sent, a lost connection leaves open whether it
        was taken: that is deferred, and a later attempt may deliver it twice.
        """
        with self._lock:
            kept = self._alive()
            outcome, sent = self._attempt(message, sender, to)
            if kept and not sent and outcome.state == "deferred" and outcome.code in {0, _CLOSING}:
                # The server had closed the kept connection meanwhile.
                outcome, _ = self._attempt(message, sender, to)
            return outcome

    def close(self) -> None:
        """Say goodbye, if there is a connection."""
        with self._lock:
            if self._smtp is not None and self._alive():
                try:
                    self._smtp.quit()
                except (OSError, smtplib.SMTPException):
                    self._smtp.close()
            self._smtp = None

    def _alive(self) -> bool:
        return self._smtp is not None and self._process == os.getpid()

    def _attempt(self, message: EmailMessage, sender: str, to: str) -> tuple[Outcome, bool]:
        sent = False
        try:
            smtp = self._connected()
            outcome = self._envelope(smtp, sender, to)
            if outcome is None:
                sent = True
                data = message.as_bytes(policy=_policy(sender, to))
                outcome = outcome_of(*smtp.data(data), to)
            if outcome.code == _CLOSING:
                self._drop()
            elif outcome.state != "accepted":
                smtp.rset()
        except smtplib.SMTPResponseException as error:
            self._drop()
            outcome = outcome_of(error.smtp_code, error.smtp_error, to)
            if isinstance(error, smtplib.SMTPAuthenticationError):
                # Our password is wrong, which says nothing about the recipient.
                outcome = Outcome("deferred", outcome.code, outcome.words)
        except ssl.SSLError:
            self._drop()
            outcome = Outcome("deferred", 0, "The mail server's certificate was not accepted.")
        except smtplib.SMTPNotSupportedError:
            self._drop()
            outcome = Outcome("deferred", 0, "The mail server does not offer what is needed.")
        except (OSError, smtplib.SMTPException):
            self._drop()
            outcome = Outcome("deferred", 0, "The mail server could not be reached.")
        return outcome, sent

    def _envelope(self, smtp: smtplib.SMTP, sender: str, to: str) -> Outcome | None:
        """The refusal of the sender or the recipient, or None if both are taken."""
        options: tuple[str, ...] = ()
        if not (sender + to).isascii():
            if not smtp.has_extn("smtputf8"):
                words = "The mail server takes no address with letters beyond ASCII."
                return Outcome("refused", 0, words)
            options = ("SMTPUTF8",)
        code, said = smtp.mail(sender, options)
        if code // 100 == _ACCEPTED:
            code, said = smtp.rcpt(to)
        if code // 100 != _ACCEPTED:
            return outcome_of(code, said, to)
        return None

    def _connected(self) -> smtplib.SMTP:
        if self._smtp is not None and self._alive():
            return self._smtp
        self._drop()
        self._smtp, self._process = self.greeted(), os.getpid()
        return self._smtp

    def greeted(self) -> smtplib.SMTP:
        """A fresh connection, encrypted and logged in as far as that is wanted. Raises `OSError`
        or `SMTPException`.
        """
        tls = ssl.create_default_context() if self._tls else None
        name = self.greeting
        smtp = (
            smtplib.SMTP_SSL(self.host, self.port, name, timeout=self.timeout, context=tls)
            if self._tls == "implicit"
            else smtplib.SMTP(self.host, self.port, name, timeout=self.timeout)
        )
        try:
            smtp.ehlo_or_helo_if_needed()
            if self._tls == "starttls":
                smtp.starttls(context=tls)
                smtp.ehlo_or_helo_if_needed()
            if self._login[0]:
                smtp.login(*self._login)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _drop(self) -> None:
        if self._smtp is not None:
            self._smtp.close()
        self._smtp = None


@cache
def transport() -> Transport:
    """The transport of this process, to the server of Django's EMAIL_ settings."""
    implicit = getattr(settings, "EMAIL_USE_SSL", False)
    return Transport(
        settings.EMAIL_HOST,
        settings.EMAIL_PORT,
        user=settings.EMAIL_HOST_USER or "",
        password=settings.EMAIL_HOST_PASSWORD or "",
        tls="implicit" if implicit else "starttls" if settings.EMAIL_USE_TLS else "",
        timeout=float(settings.EMAIL_TIMEOUT or 20),
    )


def _policy(sender: str, to: str) -> EmailPolicy[EmailMessage]:
    return SMTP if (sender + to).isascii() else SMTPUTF8


def outcome_of(code: int, said: bytes | str, to: str) -> Outcome:
    """A server's reply to mail for `to`, without the address in its words."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    words = _ADDRESS.sub("(address)", words)
    name = to.rpartition("@")[0]
    if len(name) >= _SHORTEST_NAME:
        words = re.sub(re.escape(name), "(address)", words, flags=re.IGNORECASE)
    words = "".join(c if c.isprintable() else " " for c in words)[:_WORDS]
    first = code // 100
    state: State = (
        "accepted" if first == _ACCEPTED else "deferred" if first == _DEFERRED else "refused"
    )
    if code < 0:
        # smtplib's -1: the server hung up or said something that is no reply.
        return Outcome("deferred", 0, "The mail server closed the connection.")
    return Outcome(state, code, words)
