"""The erasure log: which keys were destroyed, written outside of every database.

A backup is older than the erasures that follow it, and so are the keys in it. What was erased has
to stay erased when it is restored, so each destruction of keys is told here first: a file beside
the installation that only grows, synchronised to the disk before the key goes. `restore` reads it
and does all of it again.

A line is JSON with opaque ids alone (organisation, owners, keys), no value and no name. Each holds
the SHA-256 digest of the line before it and is signed with the organisation's Ed25519 key, so that
a line cannot be changed, added or left out of the middle. What the file cannot show by itself is
that its end was cut off: a backup remembers how far it went, and a copy kept elsewhere tells more.

A line may stand for an erasure whose transaction failed afterwards; it is then done again anyway.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from django.conf import settings

from troth.core import clock
from troth.core.errors import Invalid

START: Final = "0" * 64
A_LINE: Final = 1_000  # owners
_CONTEXT: Final = b"troth.erasures.v1|"
_LAST: Final = 64 * 1024


class ErasureLogInvalid(Invalid):
    """The erasure log was changed, or is another installation's."""

    status = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One destruction: whose keys, which keys, and by what act ("" where it was no person)."""

    number: int
    at: str
    organisation: UUID
    act: str
    owners: tuple[UUID, ...]
    keys: tuple[UUID, ...]
    entry: str
    digest: str
    """Of the line itself: what the next one names."""
    signed: bytes
    signature: bytes

    def holds(self, key: Ed25519PublicKey) -> bool:
        """Whether the organisation of that key signed it."""
        try:
            key.verify(self.signature, self.signed)
        except InvalidSignature:
            return False
        return True


def path() -> Path | None:
    """Where the log is: beside the installation. None in a project that has no installation."""
    home = getattr(settings, "HOME", None)
    return None if home is None else Path(home.erasure_log)


def note(
    *,
    organisation: UUID,
    owners: Sequence[UUID],
    keys: Mapping[UUID, Sequence[UUID]],
    key: Ed25519PrivateKey,
    act: str = "",
    entry: str = "",
) -> None:
    """Write that the keys of `owners` go. It is on the disk when this returns.

    `act` names what has to be done again after a restore besides (see `on_replay`), `entry` the
    entry of the ledger that tells of it.
    """
    log = path()
    if log is None:
        return
    with _appending(log) as (file, digest, count):
        before = digest
        for number, start in enumerate(range(0, len(owners), A_LINE), count + 1):
            some = owners[start : start + A_LINE]
            body = {
                "n": number,
                "at": clock.now().isoformat(timespec="milliseconds"),
                "organisation": organisation.hex,
                "act": act,
                "entry": entry,
                "owners": [one.hex for one in some],
                "keys": [one.hex for owner in some for one in keys.get(owner, ())],
                "before": before,
            }
            signature = key.sign(_CONTEXT + _canonical(body))
            line = _canonical(body | {"signature": base64.b64encode(signature).decode()}) + b"\n"
            file.write(line)
            before = hashlib.sha256(line).hexdigest()
        file.flush()
        os.fsync(file.fileno())


def read(log: Path) -> Iterator[Line]:
    """The lines of a log, first to last. Raises `ErasureLogInvalid` where the chain is broken.

    Signatures are for the caller to check, against the keys of the keyring it works on. A last
    line that was cut short is none: its erasure had not begun.
    """
    before, count = START, 0
    with log.open("rb") as file:
        for raw in file:
            if not raw.endswith(b"\n"):
                return
            line = _parse(raw, count + 1, before)
            before, count = line.digest, line.number
            yield line


def head(log: Path | None) -> tuple[int, str]:
    """How many lines there are, and the digest of the last."""
    if log is None or not log.exists():
        return 0, START
    with log.open("rb") as file:
        return _end(file)


_again: Final[dict[str, Callable[[frozenset[UUID]], int]]] = {}


def on_replay(act: str, again: Callable[[frozenset[UUID]], int]) -> None:
    """Have `again` called after a restore with the people whose keys were destroyed by `act`.

    Each app that calls `store.destroy_person_keys(…, act=…)` registers its act here, in `ready()`:
    `purge` of the gate, `erasure` of the rights. Without an act the keys alone go again.
    It runs in the scope of their organisation and *before* their keys go again, in a transaction
    of its own, and returns how many people it found. It removes their rows as it did then.
    """
    _again[act] = again


_replaying: Final[ContextVar[bool]] = ContextVar("troth_replaying", default=False)


@contextmanager
def replay() -> Iterator[None]:
    """Erasures are done again until the end of the block."""
    token = _replaying.set(True)
    try:
        yield
    finally:
        _replaying.reset(token)


def replaying() -> bool:
    """Whether erasures are just being done again, which nothing may refuse."""
    return _replaying.get()


def replays() -> Mapping[str, Callable[[frozenset[UUID]], int]]:
    """What is to be done again for each act."""
    return _again


class _Appending:
    """The log, locked, at its end."""

    def __init__(self, log: Path) -> None:
        self.log = log

    def __enter__(self) -> tuple[IO[bytes], str, int]:
        fresh = not self.log.exists()
        descriptor = os.open(self.log, os.O_RDWR | os.O_CREAT, 0o600)
        self.file = os.fdopen(descriptor, "r+b")
        fcntl.flock(self.file, fcntl.LOCK_EX)
        if fresh:
            _synchronise(self.log.parent)
        count, digest = _end(self.file)
        return self.file, digest, count

    def __exit__(self, *_: object) -> None:
        self.file.close()


def _appending(log: Path) -> _Appending:
    return _Appending(log)


def _end(file: IO[bytes]) -> tuple[int, str]:
    """Number and digest of the last whole line; what a crash left behind it is cut off."""
    size = file.seek(0, os.SEEK_END)
    tail, start = b"", size
    while start and tail.count(b"\n") < 2:  # noqa: PLR2004 - a line, and the end of the one before
        start = max(0, start - _LAST)
        file.seek(start)
        tail = file.read(size - start)
    whole = tail.rfind(b"\n") + 1
    if len(tail) > whole and file.writable():
        file.truncate(size - (len(tail) - whole))
    file.seek(size - (len(tail) - whole))
    if not whole:
        return 0, START
    raw = tail[tail.rfind(b"\n", 0, whole - 1) + 1 : whole]
    try:
        return int(json.loads(raw)["n"]), hashlib.sha256(raw).hexdigest()
    except (ValueError, KeyError, TypeError):
        raise _broken("its last line is none") from None


def _parse(raw: bytes, number: int, before: str) -> Line:
    try:
        body = json.loads(raw)
        signature = base64.b64decode(body.pop("signature"), validate=True)
        line = Line(
            number=body["n"],
            at=str(body["at"]),
            organisation=UUID(body["organisation"]),
            act=str(body["act"]),
            entry=str(body["entry"]),
            owners=_ids(body["owners"]),
            keys=_ids(body["keys"]),
            digest=hashlib.sha256(raw).hexdigest(),
            signed=_CONTEXT + _canonical(body),
            signature=signature,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _broken(f"line {number} is none") from None
    if line.number != number or body["before"] != before:
        raise _broken(f"line {number} does not follow the one before it")
    return line


def _ids(found: Iterable[str]) -> tuple[UUID, ...]:
    return tuple(UUID(one) for one in found)


def _canonical(body: object) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode()


def _broken(why: str) -> ErasureLogInvalid:
    return ErasureLogInvalid(
        "The erasure log does not hold.",
        why=f"It was changed outside the software: {why}.",
        do="Use the copy that is kept elsewhere.",
    )


def _synchronise(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
