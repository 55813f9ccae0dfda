"""Mail that came in and is not dealt with yet: one sealed file each, in the installation's folder.

A file is complete and on the disk before the server says 250. What a part fails at is tried again
and then put aside in ``aside``, where it stays until somebody looks.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from troth.core.ids import row_id
from troth.core.keyring.opening import forget
from troth.kit.inbound.routes import Mail, routed
from troth.kit.keys import kept

TRIES: Final = 3
WAIT: Final = 5.0  # seconds before a mail that failed is tried again
logger = logging.getLogger("troth.inbound")


def _key() -> bytes:
    return os.urandom(32)


def folder(name: str = "") -> Path:
    path: Path = settings.HOME.folder / "inbound" / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(sender: str, recipient: str, content: bytes) -> Path:
    """Put a mail on the disk, sealed. It is there when this returns."""
    path = folder() / f"{row_id()}.mail"
    head = json.dumps([sender, recipient]).encode()
    nonce = os.urandom(12)
    clear = len(head).to_bytes(4, "big") + head + content
    raw = nonce + _cipher().encrypt(nonce, clear, path.stem.encode())
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
    raw = path.read_bytes()
    clear = _cipher().decrypt(raw[:12], raw[12:], path.stem.encode())
    size = int.from_bytes(clear[:4], "big")
    sender, recipient = json.loads(clear[4 : 4 + size])
    return sender, recipient, clear[4 + size :]


def waiting() -> Iterator[Path]:
    yield from sorted(folder().glob("*.mail"))


def aside() -> list[Path]:
    """What no part could deal with; the newest last."""
    return sorted(folder("aside").glob("*.mail"))


def deal(path: Path, tries: dict[str, tuple[int, float]]) -> bool:
    """Hand one mail to its part. Returns whether it is dealt with. `tries` counts failures."""
    count, due = tries.get(path.stem, (0, 0.0))
    if time.monotonic() < due:
        return False
    forget()
    try:
        sender, recipient, content = read(path)
        match, receive = routed(recipient)
        receive(Mail(sender, recipient, content, match))
    except FileNotFoundError:
        return True  # another process was quicker
    except (Exception, InvalidTag) as error:  # noqa: BLE001 - whatever a mail does to a part
        count += 1
        tries[path.stem] = (count, time.monotonic() + WAIT * count)
        if count >= TRIES:
            tries.pop(path.stem)
            path.rename(folder("aside") / path.name)
            # Without a traceback: it could hold words of the mail.
            logger.error(  # noqa: TRY400
                "A mail was put aside after %s tries: %s", TRIES, type(error).__name__
            )
        return False
    tries.pop(path.stem, None)
    path.unlink(missing_ok=True)
    return True


def put_aside(mail: Mail) -> None:
    """Keep a mail that was understood and that nobody is there for; see `aside`."""
    path = keep(mail.sender, mail.recipient, mail.content)
    path.rename(folder("aside") / path.name)


def _cipher() -> AESGCM:
    return AESGCM(kept("inbound", None, _key))


def _synchronise(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
