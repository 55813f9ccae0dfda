"""The master keys: 256-bit secrets outside any database that wrap all other keys.

The file (or ``TROTH_MASTER_KEY``) holds one key a line as ``<id>:<base64url>``; the first is the
current one, the others are still accepted while a rotation runs. The file is read again whenever
it changes, so that running processes follow a rotation without a restart.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from troth.core.errors import Invalid, Missing

NONCE_BYTES = 12


class MasterKeyMissing(Missing):
    """There is no master key, or not the one a key was wrapped with."""

    status = 500


class MasterKeyInvalid(Invalid):
    """The master key is malformed, or does not open this keyring."""

    status = 500


@dataclass(frozen=True)
class Masters:
    """The master keys in force: the first wraps, all unwrap."""

    keys: tuple[tuple[str, bytes], ...]

    @property
    def current(self) -> str:
        return self.keys[0][0]

    def wrap(self, secret: bytes, *, organisation: UUID | None, binding: bytes) -> bytes:
        """AES-256-GCM under the current master key's branch for this organisation."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self.branch(self.current, organisation).encrypt(nonce, secret, binding)

    def unwrap(
        self, wrapped: bytes, *, master: str, organisation: UUID | None, binding: bytes
    ) -> bytes:
        """The key in clear. Raises `MasterKeyMissing` or `MasterKeyInvalid`."""
        return unwrapped(self.branch(master, organisation), wrapped, binding)

    def branch(self, master: str, organisation: UUID | None) -> AESGCM:
        """What wraps one organisation's keys under a master key. Raises `MasterKeyMissing`."""
        for name, secret in self.keys:
            if name == master:
                return _branch(secret, organisation)
        raise MasterKeyMissing(
            f"Master key {master} is not there.",
            why="Keys in the keyring are wrapped with it.",
            do="Add its line to the master key file, or restore the file from its backup.",
        )


def unwrapped(branch: AESGCM, wrapped: bytes | memoryview, binding: bytes) -> bytes:
    """The key in clear. Raises `MasterKeyInvalid`."""
    try:
        return branch.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], binding)
    except InvalidTag:
        raise MasterKeyInvalid(
            "The master key does not open this keyring.",
            why="The keyring was made with another master key, or a row was changed.",
            do="Restore the master key that belongs to this installation.",
        ) from None


@lru_cache(maxsize=1024)
def _branch(secret: bytes, organisation: UUID | None) -> AESGCM:
    """The wrapping key of one organisation: HKDF-SHA256 (RFC 5869) of the master key."""
    info = b"troth.keyring.v1|" + (organisation.bytes if organisation else b"installation")
    return AESGCM(HKDF(SHA256(), 32, salt=None, info=info).derive(secret))


def new_line() -> str:
    """A fresh master key as a line of the file."""
    return f"{secrets.token_hex(4)}:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}"


def write(path: Path, lines: list[str]) -> None:
    """Replace the master key file in one step, readable by its owner alone."""
    partial = path.with_suffix(".new")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        os.fchmod(file.fileno(), 0o600)  # a file that was there keeps its mode otherwise
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)  # the exchange itself survives a power cut
    finally:
        os.close(folder)


def in_environment() -> bool:
    return bool(os.environ.get("TROTH_MASTER_KEY"))


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.split() if line.strip()]


def masters() -> Masters:
    """The master keys of this installation."""
    if text := os.environ.get("TROTH_MASTER_KEY"):
        return _parse(text)
    path: Path = settings.HOME.master_key_file
    try:
        stamp = path.stat()
    except OSError:
        raise MasterKeyMissing(
            "There is no master key.",
            why=f"Neither TROTH_MASTER_KEY nor the file {path.name} gives one.",
            do="Run `troth init` for a new installation, or restore the file from its backup.",
        ) from None
    return _read(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=2)
def _read(path: Path, _mtime: int, _size: int) -> Masters:
    return _parse(path.read_text("utf-8", errors="replace"))


def _parse(text: str) -> Masters:
    found = []
    for number, line in enumerate(lines(text), 1):
        name, _, encoded = line.partition(":")
        try:
            secret = base64.b64decode(encoded, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            secret = b""
        if not name or len(name) > 16 or len(secret) != 32:  # noqa: PLR2004 - 256 bits
            raise MasterKeyInvalid(
                f"Line {number} of the master key is not a key.",
                why="A line is an id, a colon and 32 bytes in base64.",
                do="Restore the master key from its backup; do not edit it by hand.",
            )
        found.append((name, secret))
    if not found:
        raise MasterKeyMissing(
            "The master key is empty.", do="Restore the master key from its backup."
        )
    return Masters(tuple(found))
