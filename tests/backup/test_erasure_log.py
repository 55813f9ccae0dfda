"""The erasure log: told before a key goes, chained, signed, and cut off nowhere unseen."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from troth.core.keyring import erasures
from troth.core.keyring.erasures import ErasureLogInvalid
from troth.hub.home import Home

SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
COMPANY = UUID(int=7)


@pytest.fixture
def log(tmp_path: Path, settings: object) -> Path:
    settings.HOME = Home(tmp_path)  # type: ignore[attr-defined]
    return tmp_path / "erasures.log"


def note(count: int = 1, act: str = "purge") -> list[UUID]:
    owners = [uuid4() for _ in range(count)]
    keys = {owner: [uuid4()] for owner in owners}
    erasures.note(organisation=COMPANY, owners=owners, keys=keys, key=SIGNER, act=act)
    return owners


def test_lines_come_back_in_order_signed_and_chained(log: Path) -> None:
    first, second = note(), note(2_500)
    lines = list(erasures.read(log))
    assert [line.number for line in lines] == [1, 2, 3, 4]
    assert list(lines[0].owners) == first
    assert [owner for line in lines[1:] for owner in line.owners] == second
    assert all(line.holds(SIGNER.public_key()) for line in lines)
    assert not lines[0].holds(Ed25519PrivateKey.generate().public_key())
    assert erasures.head(log) == (4, lines[-1].digest)


def test_a_line_cut_short_by_a_crash_is_none_and_the_next_takes_its_place(log: Path) -> None:
    note()
    whole = log.read_bytes()
    log.write_bytes(whole + whole[: len(whole) // 2])
    assert len(list(erasures.read(log))) == 1
    note()
    assert len(list(erasures.read(log))) == 2


@pytest.mark.parametrize("harm", ["change", "leave out", "exchange"])
def test_a_log_that_was_changed_does_not_hold(log: Path, harm: str) -> None:
    for _ in range(3):
        note()
    lines = log.read_bytes().splitlines(keepends=True)
    if harm == "change":
        body = json.loads(lines[1])
        lines[1] = json.dumps(body | {"owners": []}).encode() + b"\n"
    elif harm == "leave out":
        del lines[1]
    else:
        lines[0], lines[1] = lines[1], lines[0]
    log.write_bytes(b"".join(lines))
    with pytest.raises(ErasureLogInvalid) as caught:
        list(erasures.read(log))
    assert caught.value.why
    assert caught.value.do
