"""Checkpoints: signed notes as others write and read them."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, strategies as st

from troth.core.ledger import notes

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
HEAD = notes.TreeHead("troth/0123", 42, sha256(b"root").digest())
OURS = notes.Verifier.of(HEAD.origin, KEY)
NOTE = notes.sign(HEAD, KEY)

# The public key of the Go checksum database: made by software that has nothing to do with ours.
GO_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"


def test_a_note_reads_back() -> None:
    assert notes.read(NOTE, OURS) == HEAD
    assert notes.read(NOTE, notes.Verifier.parse(str(OURS))) == HEAD


def test_the_bytes_are_those_of_the_format() -> None:
    root = b64encode(HEAD.root).decode()
    public = KEY.public_key().public_bytes_raw()
    key_id = sha256(b"troth/0123\n\x01" + public).digest()[:4]
    text = f"troth/0123\n42\n{root}\n"
    signature = b64encode(key_id + KEY.sign(text.encode())).decode()
    assert f"{text}\n\u2014 troth/0123 {signature}\n" == NOTE
    encoded = b64encode(b"\x01" + public).decode()
    assert str(OURS) == f"troth/0123+{key_id.hex()}+{encoded}"


def test_a_key_string_of_other_software_is_read() -> None:
    assert str(notes.Verifier.parse(GO_KEY)) == GO_KEY


def test_signatures_of_others_are_passed_over() -> None:
    witness = notes.sign(
        notes.TreeHead("witness.example", 1, HEAD.root), Ed25519PrivateKey.generate()
    ).splitlines()[-1]
    assert notes.read(f"{NOTE}{witness}\n", OURS) == HEAD
    with pytest.raises(notes.NoteInvalid, match="not signed by this key"):
        notes.read(f"{HEAD.text()}\n{witness}\n", OURS)


@given(st.integers(0, len(NOTE) - 1), st.characters(codec="utf-8"))
def test_a_note_with_one_character_changed_is_refused(at: int, other: str) -> None:
    changed = NOTE[:at] + other + NOTE[at + 1 :]
    if changed == NOTE:
        return
    with pytest.raises(notes.NoteInvalid):
        notes.read(changed, OURS)


@given(st.text())
def test_any_text_is_refused_and_never_breaks(text: str) -> None:
    with pytest.raises(notes.NoteInvalid):
        notes.read(text, OURS)
    with pytest.raises(notes.NoteInvalid):
        notes.Verifier.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "o\n042\n{root}\n",
        "o\n-1\n{root}\n",
        "o\n٤\n{root}\n",
        "o\n1e3\n{root}\n",
        "\n1\n{root}\n",
        "o\n1\n{root}\nextension\n",
        "o\n1\n{root}",
        "o\n1\nAAAA\n",
        "o\n99999999999999999999999\n{root}\n",
    ],
)
def test_a_signed_text_that_is_no_checkpoint_is_refused(text: str) -> None:
    text = text.format(root=b64encode(HEAD.root).decode())
    with pytest.raises(notes.NoteInvalid):
        notes.TreeHead.parse(text)


def test_a_checkpoint_of_another_ledger_is_refused() -> None:
    other = notes.TreeHead("troth/other", 42, HEAD.root)
    signature = NOTE.splitlines()[-1]
    with pytest.raises(notes.NoteInvalid, match="forged"):
        notes.read(f"{other.text()}\n{signature}\n", OURS)
    text = other.text()
    signed = b64encode(OURS.key_id() + KEY.sign(text.encode())).decode()
    with pytest.raises(notes.NoteInvalid, match="another ledger"):
        notes.read(f"{text}\n\u2014 {HEAD.origin} {signed}\n", OURS)
