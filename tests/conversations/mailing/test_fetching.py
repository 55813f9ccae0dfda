"""Mail fetched from a mailbox elsewhere: a real IMAP server on loopback."""

from __future__ import annotations

import imaplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from conversations.mailing.conftest import Mails, letter
from support.installations import free_port
from troth.channels.conversations.mailing import desks
from troth.channels.conversations.models import Conversation
from troth.hub.home import Home
from troth.kit.inbound import imap, spool

PATIENCE = 30
USER, PASSWORD = "demouser", "demopass"


@pytest.fixture(scope="module")
def pymap() -> Iterator[int]:
    """An IMAP server with a mailbox in memory."""
    port = free_port()
    command = [Path(sys.executable).with_name("pymap"), "--host", "127.0.0.1", "--port", str(port)]
    command += ["--no-tls", "dict", "--demo-user", USER, "--demo-password", PASSWORD]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        try:
            _wait(port)
            yield port
        finally:
            run.terminate()


@pytest.fixture
def server(pymap: int) -> int:
    """The server, with nothing in its mailbox from another test."""
    with client(pymap) as found:
        found.select("INBOX")
        found.store("1:*", "+FLAGS", r"(\Deleted)")
        found.expunge()
    return pymap


def _wait(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            imaplib.IMAP4("127.0.0.1", port, timeout=5).logout()
        except OSError:
            assert time.monotonic() < deadline, "the IMAP server does not answer"
            time.sleep(0.05)
        else:
            return


@contextmanager
def client(port: int) -> Iterator[imaplib.IMAP4]:
    with imaplib.IMAP4("127.0.0.1", port, timeout=5) as found:
        found.login(USER, PASSWORD)
        yield found


def count(port: int, folder: str) -> int:
    with client(port) as found:
        kind, answer = found.select(folder, readonly=True)
        return int(answer[0]) if kind == "OK" else -1


def put(port: int, *contents: bytes) -> None:
    with client(port) as found:
        for content in contents:
            assert found.append("INBOX", "", "", content)[0] == "OK"


def home(folder: Path, port: int, **more: str) -> Home:
    given = {"host": "127.0.0.1", "port": port, "tls": "", "user": USER, "password": PASSWORD}
    return Home(folder, {"imap": [given | {"recipient": desks.address()} | more]})


def test_new_mail_is_fetched_once_and_marked(
    mails: Mails, server: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HOME", home(tmp_path / "home", server))
    put(server, letter("one").as_bytes(), letter("two").as_bytes())
    assert imap.fetch_all() == 2
    assert imap.fetch_all() == 0, "what was seen is not fetched again"
    mails.deal()
    assert Conversation.objects.count() == 2
    assert count(server, "INBOX") == 2
    # The same by SMTP, as happens while a company moves from one to the other.
    mails.deliver(letter("one"))
    assert Conversation.objects.count() == 2
    with client(server) as found:
        found.create("Done")
    monkeypatch.setattr(settings, "HOME", home(tmp_path / "home", server, after="Done"))
    assert imap.fetch_all() == 2, "moving looks at all that is there"
    mails.deal()
    assert Conversation.objects.count() == 2, "and a repeat is told"
    assert (count(server, "INBOX"), count(server, "Done")) == (0, 2)
    monkeypatch.setattr(settings, "HOME", home(tmp_path / "home", server, after="delete"))
    put(server, b"From: a@b.example\r\nSubject: " + b"x" * 70_000 + b"\r\n\r\nlong\r\n")
    assert imap.fetch_all() == 1
    assert count(server, "INBOX") == 0


def test_a_mail_is_on_the_disk_before_it_is_marked(
    mails: Mails, server: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HOME", home(tmp_path / "home", server))
    put(server, letter("kept").as_bytes())
    keep = spool.keep

    def full(*_: object, **__: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "keep", full)
    assert imap.fetch_all() == 0
    monkeypatch.setattr(spool, "keep", keep)
    assert imap.fetch_all() == 1, "it was not marked, so it comes again"


def test_a_mailbox_that_is_away_stops_no_other(
    mails: Mails, server: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = home(tmp_path / "home", server)
    [good] = there.options["imap"]
    bad = [good | {"port": free_port()}, good | {"password": "wrong"}]
    monkeypatch.setattr(settings, "HOME", Home(there.folder, {"imap": [*bad, good]}))
    put(server, letter("there").as_bytes())
    assert imap.fetch_all() == 1


@pytest.mark.parametrize(
    "given",
    [
        {"host": "mail.example", "user": "u", "password": "p", "tls": ""},
        {"host": "mail.example", "user": "u"},
    ],
)
def test_a_password_is_not_sent_in_clear(given: dict[str, str]) -> None:
    with pytest.raises(imap.MailboxInvalid):
        imap.Mailbox.of(given)
