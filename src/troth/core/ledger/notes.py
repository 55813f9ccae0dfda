"""Checkpoints: tree heads signed as C2SP signed notes (c2sp.org/signed-note, /tlog-checkpoint).

    troth/8c0f4b1e…             origin: which ledger
    1042                        how many entries
    CsUYapGGPo4dkMgIAUqom/…=    root hash, base64
                                (empty line)
    — troth/8c0f4b1e… Az3grl…   key name, base64 of key id (4 bytes) and signature (64 bytes)

The signature covers the three lines with their newlines. A verifier needs one string, the
``vkey``: ``<name>+<key id in hex>+<base64 of 0x01 and the public key>``.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from troth.core.errors import Invalid
from troth.core.ledger.tree import HASH_BYTES

_ED25519 = b"\x01"
_KEY_BYTES = 32
_LONGEST_NOTE = 64 * 1024
_CHECKPOINT = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,17})\n([^\n]+)\n").fullmatch
_SIGNATURE = re.compile("\N{EM DASH} ([^ +]+) ([A-Za-z0-9+/=]+)").fullmatch


class NoteInvalid(Invalid):
    """A note, a checkpoint or a key string is malformed, or its signature does not hold."""


def base64_hash(text: str) -> bytes:
    """A 32-byte hash out of its one base64 spelling; `NoteInvalid` for anything else."""
    try:
        found = b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteInvalid("a hash is not base64") from error
    # Unused bits may not be set: two spellings of one hash would be two files of one proof.
    if len(found) != HASH_BYTES or b64encode(found).decode() != text:
        raise NoteInvalid("a hash is not 32 bytes in base64")
    return found


@dataclass(frozen=True, slots=True)
class TreeHead:
    """The claim a checkpoint signs: the ledger `origin` has `size` entries with this `root`."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> TreeHead:
        """Read the text of a checkpoint. Extension lines are refused: nobody could audit them."""
        found = _CHECKPOINT(text)
        if not found:
            raise NoteInvalid("a checkpoint is three lines: origin, size as plain decimal, root")
        origin, size, root = found.groups()
        return cls(origin, int(size), base64_hash(root))


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under its name. `str()` gives the vkey, `parse` reads one."""

    name: str
    key: bytes

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id().hex()}+{b64encode(_ED25519 + self.key).decode()}"

    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.key).digest()[:4]

    @classmethod
    def parse(cls, vkey: str) -> Verifier:
        parts = vkey.strip().split("+", 2)
        try:
            name, key_id, encoded = parts
            key = b64decode(encoded, validate=True)
        except (binascii.Error, ValueError) as error:
            raise NoteInvalid("a key string is <name>+<key id>+<base64>") from error
        found = cls(name, key[1:])
        if not name or any(mark.isspace() for mark in name):
            raise NoteInvalid("a key name is not empty and has no space")
        if len(key) != 1 + _KEY_BYTES or key[:1] != _ED25519:
            raise NoteInvalid("the key string does not hold an Ed25519 key")
        if found.key_id().hex() != key_id:
            raise NoteInvalid("the key id does not belong to the key; part of it may be missing")
        return found

    @classmethod
    def of(cls, name: str, private: Ed25519PrivateKey) -> Verifier:
        return cls(name, private.public_key().public_bytes_raw())


def sign(head: TreeHead, private: Ed25519PrivateKey) -> str:
    """The checkpoint for `head`, signed under the name of its origin."""
    return signed(head.text(), head.origin, private)


def signed(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """The note of a text that ends in a newline, signed under that name."""
    key_id = Verifier.of(name, private).key_id()
    signature = b64encode(key_id + private.sign(text.encode())).decode()
    return f"{text}\n\N{EM DASH} {name} {signature}\n"


def read(note: str, verifier: Verifier) -> TreeHead:
    """The tree head of a checkpoint whose signature by `verifier` holds, else `NoteInvalid`."""
    head = TreeHead.parse(text_of(note, verifier))
    if head.origin != verifier.name:
        raise NoteInvalid("the checkpoint is of another ledger than the key")
    return head


def text_of(note: str, verifier: Verifier) -> str:
    """The text of a note whose signature by `verifier` holds, else `NoteInvalid`.

    Signatures of unknown keys (witnesses, an older key) are passed over, as the format asks.
    """
    text, blank, tail = note.rpartition("\n\n")
    if len(note) > _LONGEST_NOTE or not blank or not tail.endswith("\n"):
        raise NoteInvalid("a signed note is text, an empty line, and signature lines")
    held = False
    for line in tail[:-1].split("\n"):
        found = _SIGNATURE(line)
        if not found:
            raise NoteInvalid("a line after the empty line is not a signature")
        name, encoded = found.groups()
        try:
            signature = b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise NoteInvalid("a signature is not base64") from error
        if b64encode(signature).decode() != encoded:
            raise NoteInvalid("a signature is not in its one base64 spelling")
        if (name, signature[:4]) != (verifier.name, verifier.key_id()):
            continue
        try:
            Ed25519PublicKey.from_public_bytes(verifier.key).verify(
                signature[4:], f"{text}\n".encode()
            )
        except (InvalidSignature, UnicodeEncodeError) as error:
            raise NoteInvalid("the signature does not hold: this checkpoint is forged") from error
        held = True
    if not held:
        raise NoteInvalid("the checkpoint is not signed by this key")
    return f"{text}\n"
