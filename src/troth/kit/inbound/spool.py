"""Mail that came in and is not dealt with yet: one sealed file each, in the installation's folder.

A file is complete and on the disk before the server says 250. Its name counts how often it was
tried, so that a mail that takes its process down is not tried for ever. What a part fails at is
kept by the part itself, or else put aside in ``aside``, where it stays until somebody looks.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from troth.core.ids import row_id
from troth.core.keyring.opening import forget
from troth.kit.inbound.routes import Mail, routed
from troth.kit.keys import kept

TRIES: Final = 3
WAIT: Final = 5.0  # seconds before a mail that failed is tried again
KEPT_ASIDE: Final = 90 * 86_400.0  # seconds
SUFFIX: Final = ".mail"
logger = logging.getLogger("troth.inbound")


def _key() -> bytes:
    return os.urandom(32)


def folder(name: str = "") -> Path:
    path: Path = settings.HOME.folder / "inbound" / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(
    sender: str, recipient: str, content: bytes, peer: str = "", helo: str = "", way: str = "smtp"
) -> Path:
    """Put a mail on the disk, sealed. It is there when this returns."""
    path = folder() / f"{row_id()}{SUFFIX}"
    head = json.dumps([sender, recipient, peer, helo, way]).encode()
    nonce = os.urandom(12)
    clear = len(head).to_bytes(4, "big") + head + content
    raw = nonce + _cipher().encrypt(nonce, clear, _identity(path))
    partial = path.with_suffix(".new")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
    _synchronise(path.parent)
    return path


def read(path: Path) -> tuple[str, str, bytes]:
    """Sender, recipient and content of a kept mail."""
    head, content = _opened(path)
    return head[0], head[1], content


def _opened(path: Path) -> tuple[list[str], bytes]:
    raw = path.read_bytes()
    clear = _cipher().decrypt(raw[:12], raw[12:], _identity(path))
    size = int.from_bytes(clear[:4], "big")
    return [*json.loads(clear[4 : 4 + size]), "", "", "smtp"][:5], clear[4 + size :]


def _mail(path: Path) -> Mail:
    head, content = _opened(path)
    match, _, _ = routed(head[1])
    return Mail(head[0], head[1], content, match, *head[2:5])


def waiting() -> Iterator[Path]:
    yield from sorted(folder().glob(f"*{SUFFIX}"))


def aside() -> list[Path]:
    """What no part could deal with; the newest last."""
    return sorted(folder("aside").glob(f"*{SUFFIX}"))


def forget_old() -> int:
    """Destroy what was put aside and that nobody has looked at for so long. Returns how many."""
    count = 0
    for path in aside():
        came = UUID(path.name.partition(".")[0]).int >> 80  # milliseconds, in a UUIDv7
        if time.time() - came / 1000 > KEPT_ASIDE:
            path.unlink(missing_ok=True)
            count += 1
    return count


def tried(path: Path) -> int:
    """How often a mail was begun with, by its name: ``<id>.2.mail`` twice."""
    count = path.name.split(".")[1]
    return int(count) if count.isdigit() else 0


def deal(path: Path, due: dict[str, float]) -> bool:
    """Hand one mail to its part. Returns whether it is dealt with. `due` holds when those that
    failed may be tried again.
    """
    identity = path.name.partition(".")[0]
    if time.monotonic() < due.get(identity, 0.0):
        return False
    forget()
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # gone with the process, at worst
            return _deal(path, identity, due)
    except (FileNotFoundError, BlockingIOError):
        return True  # another process was quicker


def _deal(path: Path, identity: str, due: dict[str, float]) -> bool:
    count = tried(path) + 1
    path = path.rename(path.with_name(f"{identity}.{count}{SUFFIX}"))
    try:
        mail = _mail(path)
        if count > TRIES:  # it took its process down each time
            _give_up(path, mail, TRIES, "ProcessEnded")
        else:
            routed(mail.recipient)[1](mail)
    except (Exception, InvalidTag) as error:  # noqa: BLE001 - whatever a mail does to a part
        due[identity] = time.monotonic() + WAIT * count
        if count >= TRIES:
            due.pop(identity)
            return _failed(path, count, type(error).__name__)
        return False
    due.pop(identity, None)
    path.unlink(missing_ok=True)
    return True


def _failed(path: Path, count: int, fault: str) -> bool:
    """Have its part keep it, or put it aside."""
    # Without a traceback: it could hold words of the mail.
    logger.error("A mail was put aside after %s tries: %s", count, fault)
    try:
        mail = _mail(path)
        _give_up(path, mail, count, fault)
    except (Exception, InvalidTag):  # noqa: BLE001 - its part cannot keep it: the disk does
        path.rename(folder("aside") / path.name)
        return False
    path.unlink(missing_ok=True)
    return True


def _give_up(path: Path, mail: Mail, count: int, fault: str) -> None:
    give_up = routed(mail.recipient)[2]
    if give_up is None:
        raise LookupError(path.name)
    give_up(mail, count, fault)


def put_aside(mail: Mail) -> None:
    """Keep a mail that was understood and that nobody is there for; see `aside`."""
    path = keep(mail.sender, mail.recipient, mail.content, mail.peer, mail.helo, mail.way)
    path.rename(folder("aside") / path.name)


def _identity(path: Path) -> bytes:
    return path.name.partition(".")[0].encode()


def _cipher() -> AESGCM:
    return AESGCM(kept("inbound", None, _key))


def _synchronise(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
