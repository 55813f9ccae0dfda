"""What backups are sealed with: a secret drawn from a master key, which itself stays here."""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from troth.core.keyring.master import MasterKeyMissing, masters

_INFO: Final = b"troth.backup.master.v1"


def current() -> tuple[str, bytes]:
    """The id of the master key in force, and the secret for backups drawn from it."""
    name = masters().current
    return name, secret_of(name)


def names() -> list[str]:
    """The ids of the master keys that keys may be wrapped with now."""
    return sorted(name for name, _ in masters().keys)


def secret_of(name: str) -> bytes:
    """The secret drawn from a master key. Raises `MasterKeyMissing`."""
    found = dict(masters().keys).get(name)
    if found is None:
        raise MasterKeyMissing(
            f"The backup needs master key {name}, which is not there.",
            why="Without it neither the file nor the keys in it open.",
            do="Put its line into the master key file, under the one that is there.",
        )
    return HKDF(SHA256(), 32, salt=None, info=_INFO).derive(found)
