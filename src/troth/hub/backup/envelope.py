"""The file a backup is: a short head in clear, then chunks of AES-256-GCM.

    TROTH-BACKUP | format (1 byte) | length (4) | head (JSON) | chunk | chunk | …
    chunk:  length (4) | cipher text and tag

Every chunk has the number of its place and a mark on the last one as its nonce, and the digest of
all that stands before the chunks as its associated data: none can be changed, exchanged, repeated
or left out, and a file that was cut short has no last chunk. The key is made for this one file by
HKDF-SHA256 (RFC 5869) with a salt of its own, of the current master key or of a passphrase that
scrypt (RFC 7914) made slow to guess.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from troth.core.errors import Invalid, Missing

MAGIC: Final = b"TROTH-BACKUP"
FORMAT: Final = 1
CHUNK: Final = 1024 * 1024
_LONGEST_HEAD: Final = 64 * 1024
_INFO: Final = b"troth.backup.v1"


class BackupInvalid(Invalid):
    """The file is no backup, of another format, changed, cut short, or sealed otherwise."""


class PassphraseMissing(Missing):
    """The file was sealed with a passphrase, and none was given."""


Keys = Callable[[str], bytes]
"""The master key of an id. Raises `MasterKeyMissing`."""


class Writer:
    """Seals what is written to it into a file, chunk by chunk."""

    def __init__(self, file: IO[bytes], head: dict[str, Any], secret: bytes) -> None:
        salt = os.urandom(32)
        raw = json.dumps(head | {"salt": salt.hex()}, sort_keys=True).encode()
        before = MAGIC + bytes([FORMAT]) + len(raw).to_bytes(4, "big") + raw
        self._file, self._cipher = file, _cipher(secret, salt)
        self._bound, self._number = hashlib.sha256(before).digest(), 0
        self._held = bytearray()
        file.write(before)

    def write(self, data: bytes) -> None:
        self._held += data
        while len(self._held) > CHUNK:  # one chunk is always held back: it may be the last
            self._seal(bytes(self._held[:CHUNK]), last=False)
            del self._held[:CHUNK]

    def close(self) -> None:
        """Seal the last chunk. Without it the file is none."""
        self._seal(bytes(self._held), last=True)

    def _seal(self, data: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, last=last), data, self._bound)
        self._file.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1


def sealed_with(
    master: str, secret: bytes, passphrase: bytes | None
) -> tuple[dict[str, Any], bytes]:
    """What the head says of the key, and the secret to derive it from."""
    if passphrase is None:
        return {"key": "master", "master": master}, secret
    stretch = os.urandom(16)
    return {"key": "passphrase", "stretch": stretch.hex()}, _stretched(passphrase, stretch)


class Reader:
    """Reads a backup as one stream. Nothing comes out that was not authenticated."""

    def __init__(self, path: Path, keys: Keys, passphrase: bytes | None = None) -> None:
        self._path = path
        self._file = path.open("rb")
        self._keys, self._passphrase = keys, passphrase
        self._chunks = self._open()
        self._held, self._at = b"", 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes. Raises `BackupInvalid` where there are fewer."""
        found = bytearray()
        while len(found) < size:
            if self._at == len(self._held):
                self._held, self._at = next(self._chunks, b""), 0
                if not self._held:
                    raise _harmed(self._path, "it ends too early")
            some = self._held[self._at : self._at + size - len(found)]
            self._at += len(some)
            found += some
        return bytes(found)

    def end(self) -> None:
        """Raise `BackupInvalid` unless everything was read."""
        if self._at != len(self._held) or next(self._chunks, b""):
            raise _harmed(self._path, "something stands behind its end")

    def _open(self) -> Iterator[bytes]:
        before, head = self._head()
        cipher = _cipher(self._secret(head), _hex(head.get("salt"), self._path))
        bound, number, last = hashlib.sha256(before).digest(), 0, False
        while raw := self._file.read(4):
            length = int.from_bytes(raw, "big")
            sealed = self._file.read(length) if length <= CHUNK + 16 else b""
            last = self._file.peek(1) == b""
            try:
                clear = cipher.decrypt(_nonce(number, last=last), sealed, bound)
            except InvalidTag:
                raise self._shut(head, number) from None
            number += 1
            if clear:
                yield clear
        if not last:
            raise _harmed(self._path, "it ends too early")

    def _shut(self, head: dict[str, Any], number: int) -> BackupInvalid:
        if number or head.get("key") != "passphrase":
            return _harmed(self._path, f"chunk {number + 1} is not as it was sealed")
        return BackupInvalid(
            f"{self._path} does not open.",
            why="The passphrase is another, or the file was changed.",
            do="Give the passphrase it was made with (--passphrase-file). Nothing was changed.",
        )

    def _head(self) -> tuple[bytes, dict[str, Any]]:
        start = self._file.read(len(MAGIC) + 5)
        if start[: len(MAGIC)] != MAGIC or len(start) < len(MAGIC) + 5:
            raise BackupInvalid(
                f"{self._path} is not a backup of Troth.",
                why="It does not begin like one.",
                do="Name the file that `troth backup` wrote. Nothing was changed.",
            )
        if (found := start[len(MAGIC)]) != FORMAT:
            newer = found > FORMAT
            raise BackupInvalid(
                f"{self._path} has format {found}; this release reads format {FORMAT}.",
                why="It was made by a newer release." if newer else "The format was given up.",
                do="Restore it with the release that made it, then bring that up to date.",
            )
        length = int.from_bytes(start[-4:], "big")
        raw = self._file.read(length) if length <= _LONGEST_HEAD else b""
        try:
            head = json.loads(raw)
        except ValueError:
            head = None
        if not isinstance(head, dict):
            raise _harmed(self._path, "its head is not as it was written")
        return start + raw, head

    def _secret(self, head: dict[str, Any]) -> bytes:
        if head.get("key") == "master":
            return self._keys(str(head.get("master")))
        if self._passphrase is None:
            raise PassphraseMissing(
                f"{self._path} was sealed with a passphrase.",
                do="Give the file that holds it: --passphrase-file FILE.",
            )
        return _stretched(self._passphrase, _hex(head.get("stretch"), self._path))


def _cipher(secret: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=_INFO).derive(secret))


def _stretched(passphrase: bytes, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _hex(found: object, path: Path) -> bytes:
    try:
        return bytes.fromhex(str(found))
    except ValueError:
        raise _harmed(path, "its head is not as it was written") from None


def _harmed(path: Path, why: str) -> BackupInvalid:
    return BackupInvalid(
        f"{path} is harmed: {why}.",
        why="It was changed, or it was not copied to its end.",
        do="Use another copy of it. Nothing was changed.",
    )
