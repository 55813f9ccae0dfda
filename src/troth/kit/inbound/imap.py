"""Fetching mail from mailboxes elsewhere (IMAP4rev1, RFC 3501): into the spool first, marked after.

A mailbox is a table of settings.toml:

    [[imap]]
    host = "imap.example"          # port = 993
    user = "support@company.example"
    password = "…"                 # or password_file
    recipient = "support@company.example"   # whose mail it is here; `user` if left out
    folder = "INBOX"
    after = "seen"                 # or "delete", or the name of a folder to move it to
    tls = "implicit"               # or "starttls", or "" on loopback alone

A process that ends between the two fetches a mail twice; who deals with it tells a repeat.
"""

from __future__ import annotations

import imaplib
import ipaddress
import logging
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from troth.core.errors import Invalid
from troth.kit.inbound import spool
from troth.kit.inbound.routes import route
from troth.kit.inbound.server import LARGEST

MOST: Final = 200  # mails of one mailbox in one go
TIMEOUT: Final = 30.0
PORT: Final = 143
SECURE_PORT: Final = 993
_SIZE: Final = re.compile(rb"RFC822\.SIZE (\d+)")
logger = logging.getLogger("troth.inbound")
imaplib._MAXLINE = 10_000_000  # type: ignore[attr-defined]  # noqa: SLF001 - long answers to SEARCH


class MailboxInvalid(Invalid):
    """A mailbox in the settings lacks something, or would send its password in clear."""


@dataclass(frozen=True)
class Mailbox:
    """One mailbox to fetch from; see above."""

    host: str
    user: str
    password: str = field(repr=False)
    recipient: str
    port: int = 0
    folder: str = "INBOX"
    after: str = "seen"
    tls: str = "implicit"

    @classmethod
    def of(cls, given: dict[str, Any]) -> Mailbox:
        """Raises `MailboxInvalid`."""
        password = str(given.get("password", ""))
        if path := given.get("password_file"):
            password = Path(str(path)).read_text("utf-8").strip()
        host, user, tls = (str(given.get(key, "")) for key in ("host", "user", "tls"))
        tls = tls if "tls" in given else "implicit"
        if not host or not user or not password:
            raise MailboxInvalid(
                "A mailbox in settings.toml lacks host, user or password.",
                do="Complete its [[imap]] table.",
            )
        if tls not in ("implicit", "starttls") and not _loopback(host):
            raise MailboxInvalid(
                "A mailbox in settings.toml would send its password in clear.",
                do='Set tls = "implicit" or "starttls".',
            )
        return cls(
            host=host,
            user=user,
            password=password,
            recipient=str(given.get("recipient", user)),
            port=int(given.get("port", 0)),
            folder=str(given.get("folder", "INBOX")),
            after=str(given.get("after", "seen")),
            tls=tls,
        )


def mailboxes() -> list[Mailbox]:
    """Those of the settings."""
    return [Mailbox.of(one) for one in settings.HOME.options.get("imap", [])]


def fetch_all() -> int:
    """Fetch from every mailbox. Returns how many mails came; one that fails stops no other."""
    count = 0
    for mailbox in mailboxes():
        try:
            count += fetch(mailbox)
        except (OSError, imaplib.IMAP4.error, MailboxInvalid) as error:
            # By its kind alone: what the server said may name somebody.
            logger.warning("A mailbox could not be fetched from: %s", type(error).__name__)
    return count


def fetch(mailbox: Mailbox) -> int:
    """Put what is new on our disk, then mark it as taken there. Raises what imaplib raises."""
    if route(mailbox.recipient) is None:
        raise MailboxInvalid(
            "A mailbox's recipient is no address that receives mail here.",
            do="Name a desk's address in its [[imap]] table, or publish a policy that has mail.",
        )
    count = 0
    with _connected(mailbox) as server:
        _fine(server.select(_quoted(mailbox.folder)))
        wanted = "UNSEEN" if mailbox.after == "seen" else "UNDELETED"
        [found, *_] = _fine(server.uid("SEARCH", wanted))
        for uid in (found or b"").split()[:MOST]:
            content = _content(server, uid)
            if content is not None:
                spool.keep("", mailbox.recipient, content, way="imap")
                count += 1
            _mark(server, uid, mailbox)
        if mailbox.after != "seen":
            _fine(server.expunge())
    return count


def _content(server: imaplib.IMAP4, uid: bytes) -> bytes | None:
    """The mail; of one that is larger than we take, its beginning, so that it is not lost."""
    answer = _fine(server.uid("FETCH", uid.decode(), "(RFC822.SIZE)"))
    size = _SIZE.search(b" ".join(one for one in answer if isinstance(one, bytes)))
    part = f"BODY.PEEK[]<0.{LARGEST}>" if size and int(size[1]) > LARGEST else "BODY.PEEK[]"
    for one in _fine(server.uid("FETCH", uid.decode(), f"({part})")):
        if isinstance(one, tuple):
            return bytes(one[1])
    return None  # gone meanwhile


def _mark(server: imaplib.IMAP4, uid: bytes, mailbox: Mailbox) -> None:
    number = uid.decode()
    if mailbox.after == "seen":
        _fine(server.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)"))
        return
    if mailbox.after != "delete":
        _fine(server.uid("COPY", number, _quoted(mailbox.after)))
    _fine(server.uid("STORE", number, "+FLAGS.SILENT", r"(\Deleted)"))


@contextmanager
def _connected(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    secure = ssl.create_default_context()
    server: imaplib.IMAP4
    if mailbox.tls == "implicit":
        port = mailbox.port or SECURE_PORT
        server = imaplib.IMAP4_SSL(mailbox.host, port, ssl_context=secure, timeout=TIMEOUT)
    else:
        server = imaplib.IMAP4(mailbox.host, mailbox.port or PORT, timeout=TIMEOUT)
    try:
        if mailbox.tls == "starttls":
            server.starttls(ssl_context=secure)
        server.login(mailbox.user, mailbox.password)
        yield server
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _fine(answer: tuple[str, list[Any]]) -> list[Any]:
    kind, found = answer
    if kind != "OK":
        raise imaplib.IMAP4.error("The server refused a command.")
    return found or [b""]


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
