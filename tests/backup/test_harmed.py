"""Files that are harmed, foreign or of another time: told in words, and nothing is changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.db import connections, transaction

from core.conftest import Company
from troth.core.errors import Refusal
from troth.core.gate.purging import purge_all
from troth.core.keyring import master
from troth.core.people.models import Person
from troth.hub.backup import envelope, parts, running
from troth.hub.backup.making import make
from troth.hub.backup.restoring import restore
from troth.hub.home import Home

PASSPHRASE = b"six geese a-laying eggs"
pytestmark = pytest.mark.parametrize("company", ["sqlite"], indirect=True)


def state(home: Home) -> list[tuple[str, str]]:
    connections.close_all()
    names = ("main.sqlite3", "keyring.sqlite3", "secret.key", "erasures.log")
    files = [home.folder / name for name in names]
    return [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]


def refused(path: Path, home: Home, words: str, **options: object) -> None:
    before = state(home)
    with pytest.raises(Refusal, match=words) as caught:
        restore(path, **({"force": True} | options))  # type: ignore[arg-type]
    assert caught.value.do
    assert state(home) == before
    assert not list(home.folder.glob("rest*"))


def flipped(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def end_of_head(raw: bytes) -> int:
    """Without what stands before it."""
    return int.from_bytes(raw[13:17], "big")


HARMS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "one bit in the first chunk": (lambda raw: flipped(raw, 400), "harmed"),
    "one bit near the end": (lambda raw: flipped(raw, len(raw) - 9), "harmed"),
    "one bit of the head": (
        lambda raw: flipped(raw, 7 + int.from_bytes(raw[13:17], "big")),
        "harmed",
    ),
    "cut in a chunk": (lambda raw: raw[:-1000], "harmed"),
    "cut behind the head": (lambda raw: raw[:200], "harmed"),
    "something behind": (lambda raw: raw + bytes(40), "harmed"),
    "a format that was given up": (lambda raw: raw[:12] + b"\0" + raw[13:], "has format 0"),
    "a format to come": (lambda raw: raw[:12] + b"\7" + raw[13:], "has format 7"),
    "something else": (lambda raw: b"PK\3\4" + raw, "not a backup"),
    "nothing": (lambda raw: b"", "not a backup"),
}


def test_what_was_harmed_is_refused(company: Company, home: Home) -> None:
    path = make(home.folder / "kept.backup").path
    raw, other = path.read_bytes(), home.folder / "other.backup"
    for harm, words in HARMS.values():
        other.write_bytes(harm(raw))
        refused(other, home, words)
    # Cut between two chunks, so that all that is left opens.
    head = 17 + end_of_head(raw)
    first = head + 4 + int.from_bytes(raw[head : head + 4], "big")
    other.write_bytes(raw[:first])
    refused(other, home, "harmed")
    refused(home.folder / "none", home, "not there")


def test_another_key_is_told(company: Company, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(home.folder / "kept.backup").path
    sealed = make(home.folder / "phrase.backup", passphrase=PASSPHRASE).path
    refused(sealed, home, "passphrase")
    refused(sealed, home, "does not open", passphrase=PASSPHRASE + b"!")
    assert restore(sealed, force=True, passphrase=PASSPHRASE).rows
    monkeypatch.setenv("TROTH_MASTER_KEY", master.new_line())
    refused(path, home, "needs master key")


def test_a_newer_release_and_another_kind_of_database_are_told(
    company: Company, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = parts.PartsOut.add

    def saying(old: bytes, new: bytes) -> Callable[..., None]:
        def changed(self: parts.PartsOut, name: str, content: Iterable[bytes]) -> None:
            about = name == parts.ABOUT
            add(self, name, [one.replace(old, new) for one in content] if about else content)

        return changed

    for old, new, words in (
        (b'"people.0001_initial"', b'"people.9999_later"', "newer release"),
        (b'"engine": "sqlite"', b'"engine": "postgresql"', "PostgreSQL"),
    ):
        monkeypatch.setattr(parts.PartsOut, "add", saying(old, new))
        path = make(home.folder / "other.backup").path
        refused(path, home, words)
        path.unlink()


def test_nothing_goes_on_without_the_log_of_erasures(company: Company, home: Home) -> None:
    person = company.visitor_writes("ada@marsh.example")
    early = make(home.folder / "early.backup").path
    with transaction.atomic():
        purge_all([person.pk])
    late = make(home.folder / "late.backup").path
    whole = home.erasure_log.read_bytes()
    foreign = home.folder / "foreign.log"
    foreign.write_bytes(b"")
    refused(late, home, "not the erasure log", log=foreign)
    home.erasure_log.unlink()
    foreign.write_bytes(whole.replace(b'"act":"purge"', b'"act":""'))
    with pytest.raises(Refusal, match="does not hold"):
        restore(early, force=True, log=foreign)
    assert not Person.objects.exists(), "undone: it is the later state that is here"
    foreign.write_bytes(whole)
    with pytest.raises(Refusal, match="not known"):
        restore(early, force=True)
    assert restore(early, force=True, log=foreign).again.keys == 1
    assert home.erasure_log.read_bytes() == whole


def test_an_installation_that_is_there_or_served_is_not_replaced(
    company: Company, home: Home
) -> None:
    path = make(home.folder / "kept.backup").path
    refused(path, home, "already", force=False)
    running.hold(home)
    try:
        with pytest.raises(Refusal, match="being served"):
            restore(path, force=True)
    finally:
        running._held.pop().close()


def test_a_backup_does_not_overwrite(company: Company, home: Home) -> None:
    path = make(home.folder / "kept.backup").path
    with pytest.raises(Refusal, match="already"):
        make(path)
    assert path.read_bytes()[:12] == envelope.MAGIC
