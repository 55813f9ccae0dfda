"""SIGKILL in the middle of an erasure: nothing is half done, and repeating does all of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from connect.shops import DESCRIPTION, Shop, database, subject


@pytest.mark.parametrize(
    "empty_shop",
    ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
    indirect=True,
)
def test_a_kill_in_the_middle_leaves_no_trace_and_repeating_does_it(shop: Shop) -> None:
    before = shop.text()
    program = Path(__file__).with_name("killed.py")
    with subprocess.Popen(
        [sys.executable, program, shop.url, "4"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "in the middle\n"
        process.kill()
    assert shop.text() == before
    source = database(shop, DESCRIPTION)
    assert source.run("erase", "deletion", subject(), {}) == 6
    assert "1 Ada Street" not in shop.text()
    assert source.check("deletion", subject(), {}) == []
